{
    "name": "CTSP Documents",
    "summary": "Templates of official documents in versions, numbers without gap, signatures, frozen PDF",
    "version": "19.0.1.0.0",
    "category": "CTSP/Engine",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_base"],
    "external_dependencies": {"python": ["jinja2", "weasyprint"]},
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/parameter.xml",
        "views/document_views.xml",
        "views/template_views.xml",
        "views/desk.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["ctsp_document/static/src/**/*"],
    },
    "installable": True,
}
