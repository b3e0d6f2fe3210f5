from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools.scoring import frequency

READERS = "ctsp_base.group_planner,ctsp_base.group_reviewer,ctsp_base.group_leader"


class PlanLine(models.Model):
    """The risk score of a planned inspection: why this institution, how soon, how often."""

    _inherit = "ctsp.plan.line"

    risk_score = fields.Float("Risk Score", digits=(5, 1), readonly=True, copy=False, index=True, aggregator="avg",
                              groups=READERS)
    frequency = fields.Selection(
        [("twice", "Twice a Year"), ("yearly", "Once a Year"), ("second", "Every Second Year")], "Proposed Frequency",
        readonly=True, copy=False)
    last_visit = fields.Date("Last Inspected", readonly=True, copy=False)
    proposed_skip = fields.Boolean(
        "May Be Left Out", readonly=True, copy=False,
        help="Low risk and inspected within the last year: the plan may leave it out.")
    score_ids = fields.One2many(
        "ctsp.plan.score", "line_id", "Risk in Parts", readonly=True, copy=False, groups=READERS)
    score_text = fields.Char("Main Reasons", compute="_compute_score_text", groups=READERS)

    @api.depends("score_ids.points", "score_ids.sentence")
    def _compute_score_text(self):
        for line in self:
            rows = line.score_ids.filtered("points").sorted("points", reverse=True)[:2]
            line.score_text = self.env._("; ").join(rows.mapped("sentence"))

    def _score(self):
        """Score these lines and keep the parts (superuser: the figures are the platform's)."""
        today = clock.today()
        lines = in_record_language(self.sudo())
        risk, rows = lines.env["ctsp.plan.risk"], lines.env["ctsp.plan.score"]
        scores = risk._scores(lines.institution_id, today)
        visits = risk._last_visits(lines.institution_id)
        parameter = lines.env["ctsp.parameter"]
        high, middle = parameter._get("plan.risk_high"), parameter._get("plan.risk_middle")
        lines.score_ids.unlink()
        values = []
        for line in lines:
            whole, parts = scores[line.institution_id.id]
            often, visit = frequency(whole, high, middle), visits.get(line.institution_id.id)
            line.write({
                "risk_score": whole, "frequency": often, "last_visit": visit,
                "proposed_skip": often == "second" and bool(visit) and (today - visit).days < 365})
            values += [{"line_id": line.id, **rows._values(part)} for part in parts]
        rows.create(values)
