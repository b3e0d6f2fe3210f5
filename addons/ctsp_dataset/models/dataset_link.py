from odoo import fields, models


class DatasetLink(models.Model):
    """Which record of the platform a submission made or changed: where data came from, and where they went."""

    _name = "ctsp.dataset.link"
    _description = "Record of a Submission"
    _order = "submission_id, id"

    submission_id = fields.Many2one("ctsp.dataset.submission", required=True, index=True, ondelete="cascade")
    row = fields.Integer(readonly=True, aggregator=None)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    name = fields.Char(readonly=True)

    _record_idx = models.Index("(res_model, res_id)")

    def action_open_record(self):
        """Open the record, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
                "views": [[False, "form"]]}
