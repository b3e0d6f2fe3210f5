from odoo import api, fields, models

from .inspection import RECORDING


class Finding(models.Model):
    """A finding and its rectification: made when it is issued, cancelled when it is dropped."""

    _inherit = "ctsp.finding"

    rectification_ids = fields.One2many("ctsp.rectification", "finding_id", "Rectification")

    def _after_issue(self, reason):
        self.env["ctsp.rectification"].sudo()._issue(self)  # the engine's row

    def _after_drop(self, reason):
        """An objection was upheld: statistics count the finding no more. Superuser: the numbers are the engine's."""
        self._cancel_rectification(reason)
        inspection = self.sudo().inspection_id
        if inspection.state not in RECORDING:
            inspection._freeze_counts()

    @api.model
    def _follow(self, line, approved=False):
        """A correction that makes the clause conform drops its finding without a step; its rectification goes too."""
        result = super()._follow(line, approved=approved)
        dropped = self.search([("line_id", "=", line.id), ("state", "=", "dropped")])
        dropped._cancel_rectification(self.env._("The finding was dropped by a correction of the inspection"))
        return result

    def _cancel_rectification(self, reason):
        items = self.sudo().rectification_ids  # the engine's rows
        items.filtered(lambda item: item.state in ("waiting", "answered", "returned")).run_transition("cancel", reason)
