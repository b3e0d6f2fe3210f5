{
    "name": "CTSP Checks and Alerts Tests",
    "summary": "A model that exists only to test checks, rules and alerts; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_risk"],
    "data": ["security/ir.model.access.csv", "security/ctsp_test_checked.xml", "views/ctsp_test_checked.xml"],
    "installable": True,
}
