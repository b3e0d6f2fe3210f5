from odoo import api, fields, models
from odoo.exceptions import UserError


class RectificationFile(models.Model):
    """A file that proves a rectification. Fixed, with its SM3 digest, once the answer is handed in."""

    _name = "ctsp.rectification.file"
    _description = "Evidence of a Rectification"
    _inherit = ["ctsp.file.mixin"]
    _order = "rectification_id, id"
    _desk_parent = "rectification_id"
    _desk_fields = ("data", "file_name", "note")
    _integrity_fields = {1: ("rectification_id", "note", "file_name", "digest", "is_fixed")}

    rectification_id = fields.Many2one("ctsp.rectification", required=True, index=True, ondelete="restrict")
    note = fields.Char("What It Shows")
    is_fixed = fields.Boolean("Handed In", readonly=True, copy=False)

    def write(self, vals):
        self._check_loose()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_loose(self):
        self._check_loose()

    def _check_loose(self):
        """Refuse to touch what was handed in, whoever asks (superuser: the step that fixes it)."""
        if not self.env.su and any(row.is_fixed for row in self):
            raise UserError(self.env._("A file that was handed in cannot be changed; add another one."))
