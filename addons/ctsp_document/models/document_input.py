from odoo import fields, models
from odoo.exceptions import AccessError


class DocumentInput(models.Model):
    """A text typed into one paper. Follows its paper: read by who reads it, written while it is an unsigned draft."""

    _name = "ctsp.document.input"
    _description = "Text of a Document"
    _inherit = ["ctsp.document.part.mixin"]
    _order = "sequence, id"
    _rec_name = "label"

    document_id = fields.Many2one("ctsp.document", required=True, readonly=True, index=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True)
    label = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    required = fields.Boolean(readonly=True)
    value = fields.Text("Text")

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"value"}:
                raise AccessError(self.env._("Only the text can be changed."))
            self.document_id._check_open()
        return super().write(vals)
