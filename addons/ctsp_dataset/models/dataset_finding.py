from odoo import fields, models


class DatasetFinding(models.Model):
    """One thing wrong with one row of a submission: what, where, and how to mend it."""

    _name = "ctsp.dataset.finding"
    _description = "Finding in a Submission"
    _inherit = ["ctsp.owned.mixin"]
    _order = "submission_id, id"
    _rec_name = "message"
    _desk_parent = "submission_id"

    submission_id = fields.Many2one("ctsp.dataset.submission", required=True, index=True, ondelete="cascade")
    row = fields.Integer(readonly=True, aggregator=None)
    path = fields.Char("Field", readonly=True)
    code = fields.Char(readonly=True)
    message = fields.Char("What Is Wrong", readonly=True)
    hint = fields.Char("How to Mend It", readonly=True)
    value = fields.Char(readonly=True)
    rule = fields.Char(readonly=True)
    level = fields.Selection([("error", "Refused"), ("warning", "Warning")], readonly=True)

    def _answer(self):
        self.ensure_one()
        return {name: self[name] or ("" if name != "row" else 0)
                for name in ("row", "path", "code", "message", "hint", "value", "rule", "level")}
