{
    "name": "CTSP: The Whole Platform",
    "summary": "Installs every addon of the platform with sane defaults",
    "version": "19.0.1.0.0",
    "category": "CTSP",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": [
        "ctsp_auth", "ctsp_connector_admin", "ctsp_connector_app", "ctsp_connector_business", "ctsp_dataset",
        "ctsp_studio"],
    "post_init_hook": "_set_defaults",
    "installable": True,
    "application": True,
}
