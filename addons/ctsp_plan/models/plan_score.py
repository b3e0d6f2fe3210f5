from odoo import api, fields, models


class PlanScore(models.Model):
    """One explained part of the risk score of a planned inspection, as it was when the list was made."""

    _name = "ctsp.plan.score"
    _description = "Part of a Risk Score"
    _order = "line_id, points desc, id"
    _rec_name = "sentence"

    line_id = fields.Many2one("ctsp.plan.line", required=True, readonly=True, index=True, ondelete="cascade")
    part = fields.Selection(
        selection=lambda self: self.env["ctsp.plan.weight"]._parts(), required=True, readonly=True)
    value = fields.Float(digits=(5, 1), readonly=True, aggregator=None, help="0 to 100")
    weight = fields.Float(digits=(5, 1), readonly=True, aggregator=None)
    points = fields.Float(digits=(5, 1), readonly=True, help="What the part adds to the whole.")
    sentence = fields.Char("Because", readonly=True)

    @api.model
    def _values(self, part):
        """Return the values of a row for a ``tools.scoring.Part``, the figures put into a sentence."""
        return {"part": part.code, "value": part.value, "weight": part.weight, "points": part.points,
                "sentence": self._sentence(part.code, part.figures)}

    @api.model
    def _sentence(self, code, figures):
        if code == "time" and figures["months"] < 0:
            return self.env._("never inspected so far")
        texts = {
            "time": self.env._("last inspected %(months)s months ago"),
            "history": self.env._("%(failed)s times not passed, %(to_rectify)s times to rectify in three years"),
            "findings": self.env._(
                "%(critical)s critical, %(major)s major, %(minor)s minor findings in three years; "
                "%(overdue)s rectifications overdue"),
            "volume": self.env._(
                "%(trials)s trials under way, %(enrolled)s people enrolled, %(early)s of phase I or BE"),
            "novelty": self.env._(
                "%(specialties)s new specialties, %(investigators)s new investigators in twelve months"),
            "alerts": self.env._("%(serious)s serious and %(warning)s other alerts open"),
        }
        return texts[code] % figures + self._by_others(code, figures.get("others", 0))

    @api.model
    def _by_others(self, code, count):
        """Return what to add to a sentence when other authorities' inspections are part of the figures."""
        if not count:
            return ""
        if code == "time":
            return self.env._(" (by another authority)")
        return self.env._(" (%(count)s of them by other authorities)", count=count)
