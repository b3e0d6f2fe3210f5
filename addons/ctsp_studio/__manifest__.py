{
    "name": "CTSP Low-code Studio",
    "summary": "Fields on forms, lists and searches, menu names: without code and without developer mode",
    "version": "19.0.1.0.0",
    "category": "CTSP/Engine",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_crypto"],
    "data": [
        "security/ir.model.access.csv",
        "views/ctsp_studio_field.xml",
        "views/ctsp_studio_menu.xml",
    ],
    "installable": True,
}
