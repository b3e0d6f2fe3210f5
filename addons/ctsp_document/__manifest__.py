{
    "name": "CTSP Documents",
    "summary": "Templates of official documents in versions, numbers without gap, signatures, frozen PDF",
    "version": "19.0.1.0.0",
    "category": "CTSP/Engine",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "data": [
        "views/menus.xml",
    ],
    "installable": True,
}
