from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.scoring import PARTS


class PlanWeight(models.Model):
    """How much a part counts in the risk score, from a day on. A new weight is a new row; old plans stay explained."""

    _name = "ctsp.plan.weight"
    _description = "Weight of the Risk Score"
    _inherit = ["mail.thread"]
    _order = "part, valid_from desc, id desc"
    _rec_name = "part"
    _integrity_fields = {1: ("part", "weight", "valid_from")}

    part = fields.Selection(selection="_parts", required=True, index=True, tracking=True)
    weight = fields.Float(required=True, digits=(5, 1), tracking=True, aggregator=None)
    valid_from = fields.Date(required=True, tracking=True)
    source = fields.Char(help="Who decided it, and when.")
    note = fields.Char()

    _part_day_unique = models.Constraint("UNIQUE(part, valid_from)", "This part has a weight from that day already.")

    @api.model
    def _parts(self):
        return [
            ("time", self.env._("Time Since the Last Visit")), ("history", self.env._("Earlier Conclusions")),
            ("findings", self.env._("Findings and Rectification")), ("volume", self.env._("Volume of Trials")),
            ("novelty", self.env._("New Specialties and Investigators")), ("alerts", self.env._("Open Alerts"))]

    @api.constrains("weight")
    def _check_weight(self):
        for row in self:
            if not 0 <= row.weight <= 100:
                raise ValidationError(self.env._("Weight: %s is not between 0 and 100.", row.weight))

    @api.model
    def _on(self, day):
        """Return ``{part: weight}`` valid on ``day``."""
        weights = {}
        # superuser: every planner's score hangs on them
        for row in self.sudo().search([("valid_from", "<=", day)], order="valid_from"):
            weights[row.part] = row.weight
        return {part: weights.get(part, 0.0) for part in PARTS}
