from odoo import fields, models

from odoo.addons.ctsp_risk.tools.registry import Finding, check


class TestChecked(models.Model):
    """A record that checks run on, in tests only."""

    _name = "ctsp.test.checked"
    _description = "Test Checked Record"
    _inherit = ["ctsp.check.mixin"]

    name = fields.Char(required=True)
    score = fields.Integer()
    secret = fields.Char(groups="ctsp_base.group_personal_data")
    date = fields.Date()
    owner_partner_id = fields.Many2one("res.partner")

    @check("test.score", minimum=3)
    def _check_score(self, minimum):
        """The score reaches a minimum."""
        for record in self:
            if record.score < minimum:
                yield Finding(record, "score", f"{record.score} is below {minimum}")

    @check("test.secret")
    def _check_secret(self):
        """The secret is there, even where the runner may not read it."""
        for record in self:
            if not record.secret:
                yield Finding(record, "secret")
