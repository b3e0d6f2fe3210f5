{
    "name": "CTSP Kernel",
    "summary": "Roles, workflow, tags, import and export, personal data, working days",
    "version": "19.0.1.0.0",
    "category": "CTSP/Kernel",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["mail", "portal", "base_import"],
    "external_dependencies": {"python": ["xlsxwriter", "openpyxl", "pypinyin", "chinesecalendar"]},
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "views/menus.xml",
        "views/workflow.xml",
    ],
    "installable": True,
}
