from odoo import fields, models
from odoo.tools import SQL

from ..tools.quality import weighted


class DatasetReport(models.Model):
    """Quality of what each institution reports: one row a submission, for trends and the league table. No test data.

    Of several submissions it is the share of good rows among all of their rows.
    """

    _name = "ctsp.dataset.report"
    _description = "Quality of Submissions"
    _inherit = ["ctsp.statistics.mixin"]
    _auto = False
    _order = "received_at desc, id desc"
    _rec_name = "submission_id"
    _counted_record = "submission_id"
    _depends = {"ctsp.dataset.submission": [
        "is_test", "owner_partner_id", "dataset_id", "received_at", "state", "rows", "accepted", "refused", "warnings",
        "score"]}

    submission_id = fields.Many2one("ctsp.dataset.submission", readonly=True)
    partner_id = fields.Many2one("res.partner", "Institution", readonly=True)
    dataset_id = fields.Many2one("ctsp.dataset", readonly=True)
    received_at = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("accepted", "Accepted"), ("partial", "Partly Accepted"), ("refused", "Refused")], readonly=True)
    rows = fields.Integer(readonly=True)
    accepted = fields.Integer("Rows Accepted", readonly=True)
    refused = fields.Integer("Rows Refused", readonly=True)
    warnings = fields.Integer(readonly=True)
    score = fields.Float(
        "Quality", digits=(5, 1), readonly=True, aggregator="avg", help="Good rows among all rows in per cent; one "
        "with a warning counts 0.8. Of several submissions: of the rows of all of them.")

    @property
    def _table_query(self):
        return SQL("""
            SELECT id, id AS submission_id, owner_partner_id AS partner_id, dataset_id, received_at, state, rows,
                   accepted, refused, warnings, score
              FROM ctsp_dataset_submission
             WHERE NOT COALESCE(is_test, FALSE)
        """)

    def _read_group_select(self, aggregate_spec, query):
        select = super()._read_group_select(aggregate_spec, query)
        return weighted(self, query) if aggregate_spec == "score:avg" else select
