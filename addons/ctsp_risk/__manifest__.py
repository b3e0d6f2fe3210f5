{
    "name": "CTSP Checks and Alerts",
    "summary": "Registered checks with results on the record, rules and risk alerts",
    "version": "19.0.1.0.0",
    "category": "CTSP/Engine",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/ctsp_risk_alert.xml",
        "security/ctsp_check_result.xml",
        "data/ir_cron.xml",
        "data/mail_activity_type.xml",
        "views/ctsp_check.xml",
        "views/ctsp_check_result.xml",
        "views/ctsp_risk_rule.xml",
        "views/ctsp_risk_alert.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "ctsp_risk/static/src/check_results/*",
        ],
        "ctsp_base.assets_desk": [
            "ctsp_risk/static/src/check_results/*",
        ],
    },
    "installable": True,
}
