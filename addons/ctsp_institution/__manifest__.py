{
    "name": "CTSP Registry",
    "summary": "Institutions, sites, specialties, people, ethics committees and their versions",
    "version": "19.0.1.0.0",
    "category": "CTSP/Registry",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
    ],
    "installable": True,
}
