from odoo import SUPERUSER_ID, api
from odoo.tools import file_open

CODES = ("inspection_report", "evaluation_report")
NOTE = "增加对质量管理体系是否健全的认定及依据"


def migrate(cr, version):
    """Print the leader's statement on the quality system; papers an administrator made his own stay."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    contents = {}
    for code in CODES:
        with file_open(f"ctsp_inspection/data/papers/{code}.html") as file:
            contents[code] = file.read()
    env["ctsp.document.template"]._renew_shipped("ctsp_inspection", contents, NOTE)
