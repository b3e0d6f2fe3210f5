{
    "name": "CTSP Cryptography Tests",
    "summary": "Models with encrypted fields that exist only to test the engine; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_auth", "ctsp_test_document"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
