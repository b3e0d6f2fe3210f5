{
    "name": "CTSP Document Tests",
    "summary": "A model with papers that exists only to test the document engine; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_document"],
    "data": ["security/ir.model.access.csv", "security/rules.xml"],
    "installable": True,
}
