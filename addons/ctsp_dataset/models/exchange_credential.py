from odoo import fields, models


class ExchangeCredential(models.Model):
    """Keys of institutions for the open interfaces: which data sets, how much a day, test or production."""

    _inherit = "ctsp.exchange.credential"

    dataset_ids = fields.Many2many(
        "ctsp.dataset", "ctsp_exchange_credential_dataset_rel", "credential_id", "dataset_id", "Data Sets",
        help="What may be reported with the key. Empty: nothing.")
    is_sandbox = fields.Boolean(
        "Test Key", help="What comes with it is checked and kept apart; nothing of it reaches the registry.")
    daily_rows = fields.Integer("Rows a Day", default=200_000, help="Rows the key may report in 24 hours.")
    minute_requests = fields.Integer("Requests a Minute", default=120)
