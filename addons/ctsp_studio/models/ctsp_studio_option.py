from odoo import fields, models


class CtspStudioOption(models.Model):
    """One choice of a choice field made on screen."""

    _name = "ctsp.studio.option"
    _description = "Choice of an Added Field"
    _audit_what = "write"
    _order = "field_id, sequence, id"

    field_id = fields.Many2one("ctsp.studio.field", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Choice", required=True)
    value = fields.Char(string="Key", readonly=True, copy=False)

    _name_unique = models.Constraint("UNIQUE(field_id, name)", "A field offers each choice once.")

    def _ensure_values(self):
        """Give each new choice a stable key that never changes when the wording does."""
        for option in self.filtered(lambda option: not option.value):
            option.value = f"c{option.id}"
