from odoo import fields, models


class DatasetPortion(models.Model):
    """Some rows of a large submission: one job, one transaction. A process that died leaves the others as they are."""

    _name = "ctsp.dataset.portion"
    _description = "Portion of a Submission"
    _inherit = ["ctsp.job.mixin"]
    _order = "submission_id, first"
    _rec_name = "first"

    submission_id = fields.Many2one("ctsp.dataset.submission", required=True, readonly=True, index=True,
                                    ondelete="cascade")
    first = fields.Integer("From Row", readonly=True, aggregator=None)
    count = fields.Integer("Rows", readonly=True)
    counts = fields.Json(readonly=True)
    error = fields.Text("What Went Wrong", readonly=True)

    def _job_title(self):
        return self.env._("Submission %(number)s, rows from %(row)s", number=self.submission_id.number,
                          row=self.first + 1)

    def _job_size(self):
        return self.count

    def _job_whose(self):
        return self.submission_id.partner_id

    def _job_ready(self):
        return not self.submission_id._waits()

    def _job_execute(self, progress):
        result = self.submission_id._handled(self.first, self.count)
        progress.step(self.count)
        self.counts = result.counts
        self.submission_id._portion_done(self)

    def _job_failed(self, message):
        self.error = message
        self.submission_id._portion_done(self)
