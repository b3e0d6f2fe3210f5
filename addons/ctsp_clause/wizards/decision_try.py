from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock

from ..tools import codes


class DecisionTry(models.TransientModel):
    """Tries the decision rules on numbers of findings, without an inspection."""

    _name = "ctsp.decision.try"
    _description = "Try the Decision Rules"

    object = fields.Selection(
        selection=lambda self: codes.objects(self.env)[:3], required=True, default="institution")
    day = fields.Date("On the Day", required=True, default=lambda self: clock.today())
    critical = fields.Integer("Critical Defects")
    major = fields.Integer("Major Defects")
    minor = fields.Integer("Minor Defects")
    sound_system = fields.Boolean("Sound Quality System", default=True)
    conclusion = fields.Selection(selection=lambda self: codes.conclusions(self.env), compute="_compute_conclusion")
    sentence = fields.Text("Why", compute="_compute_conclusion")

    @api.depends("object", "day", "critical", "major", "minor", "sound_system")
    def _compute_conclusion(self):
        for attempt in self:
            counts = {grade: max(attempt[grade], 0) for grade in codes.GRADES} | {"sound_system": attempt.sound_system}
            attempt.conclusion, attempt.sentence = self.env["ctsp.decision.rule"]._propose(
                attempt.object, counts, attempt.day)
