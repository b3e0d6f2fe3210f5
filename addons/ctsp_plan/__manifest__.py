{
    "name": "CTSP Inspection Plans",
    "summary": "First-inspection plans, routine plans by risk, campaigns",
    "version": "19.0.1.0.0",
    "category": "CTSP/Inspection",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_filing", "ctsp_inspection"],
    "data": [
        "views/menus.xml",
    ],
    "installable": True,
}
