{
    "name": "CTSP Kernel Tests",
    "summary": "Models that exist only to test the kernel; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "data": [
        "security/core/ir.model.access.csv",
        "security/core/rules.xml",
        "security/desk/ir.model.access.csv",
        "security/io/ir.model.access.csv",
        "security/people/ir.model.access.csv",
        "security/people/rules.xml",
    ],
    "installable": True,
}
