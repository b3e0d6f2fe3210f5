import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import workbook
from ..tools.unreadable import Unreadable


class DatasetImport(models.TransientModel):
    """Takes over a definition from a workbook of the form in which versions are downloaded."""

    _name = "ctsp.dataset.import"
    _description = "Take Over a Definition"

    version_id = fields.Many2one("ctsp.dataset.version", required=True, ondelete="cascade")
    file = fields.Binary("Workbook", required=True)
    file_name = fields.Char()

    def action_apply(self):
        """Replace the content of the draft."""
        self.ensure_one()
        self.version_id.check_access("write")
        try:
            data = workbook.read(base64.b64decode(self.with_context(bin_size=False).file))
            if data.get("code") and data["code"] != self.version_id.code:
                raise UserError(self.env._(
                    "The workbook is that of another data set (%(code)s).", code=data["code"]))
            for name in ("code", "name", "version"):
                data.pop(name, None)
            self.version_id._fill(data)
        except Unreadable as error:
            raise UserError(self.env._("The workbook cannot be used: %(reason)s", reason=str(error))) from error
        return {"type": "ir.actions.act_window_close"}
