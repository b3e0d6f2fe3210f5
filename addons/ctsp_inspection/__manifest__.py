{
    "name": "CTSP Inspections",
    "summary": "Inspections clause by clause, inspectors, findings, evidence, documents, rectification, statistics",
    "version": "19.0.1.0.0",
    "category": "CTSP/Inspection",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_clause", "ctsp_document", "ctsp_trial"],
    "data": [
        "views/menus.xml",
    ],
    "installable": True,
}
