from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ExchangeCredentialIssue(models.TransientModel):
    """A key of an institution says at once what it is for: which data sets, test or production."""

    _inherit = "ctsp.exchange.credential.issue"

    dataset_ids = fields.Many2many(
        "ctsp.dataset", "ctsp_exchange_credential_issue_dataset_rel", "issue_id", "dataset_id", "Data Sets",
        help="What may be reported with the key.")
    is_sandbox = fields.Boolean(
        "Test Key", default=True, help="What comes with it is checked and kept apart; nothing of it reaches the "
        "registry. A key of production is issued once the test of its data sets is signed off.")

    def _asked(self):
        values = super()._asked()
        if not self.partner_id:
            return values
        if not self.dataset_ids:
            raise UserError(self.env._("Data Sets: choose at least one; a key for nothing opens nothing."))
        return values | {"is_sandbox": self.is_sandbox, "dataset_ids": [Command.set(self.dataset_ids.ids)]}
