{
    "name": "CTSP Clause Library",
    "summary": "Inspection clauses in versions, check lists, decision rules, laws and the library of findings",
    "version": "19.0.1.0.0",
    "category": "CTSP/Inspection",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "data": [
        "security/ir.model.access.csv",
        "views/menus.xml",
    ],
    "installable": True,
}
