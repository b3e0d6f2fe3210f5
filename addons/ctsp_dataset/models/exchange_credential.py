from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ctsp_exchange.models.exchange_credential import PROTECTED
from odoo.addons.ctsp_exchange.tools.reply import Refused


class ExchangeCredential(models.Model):
    """Keys of institutions for the open interfaces: which data sets, how much a day, test or production."""

    _inherit = "ctsp.exchange.credential"
    _integrity_fields = {1: PROTECTED, 2: (*PROTECTED, "dataset_ids", "is_sandbox", "daily_rows", "minute_requests")}

    dataset_ids = fields.Many2many(
        "ctsp.dataset", "ctsp_exchange_credential_dataset_rel", "credential_id", "dataset_id", "Data Sets",
        help="What may be reported with the key. Empty: nothing.")
    is_sandbox = fields.Boolean(
        "Test Key", help="What comes with it is checked and kept apart; nothing of it reaches the registry.")
    daily_rows = fields.Integer("Rows a Day", default=200_000, help="Rows the key may report in 24 hours.")
    minute_requests = fields.Integer(
        "Requests a Minute", default=120, help="Submissions, and requests that were refused. More have to wait.")

    def write(self, vals):
        if "is_sandbox" in vals and any(key.last_used_at and key.is_sandbox != vals["is_sandbox"] for key in self):
            raise UserError(self.env._("Test Key: a key that was used stays what it is; issue another one."))
        return super().write(vals)

    @api.constrains("dataset_ids", "is_sandbox", "partner_id")
    def _check_conformance(self):
        """A key of production is for data sets whose test the data steward has signed off."""
        for credential in self:
            if not credential.partner_id or credential.is_sandbox or not credential.dataset_ids:
                continue
            unsigned = self.env["ctsp.dataset.conformance"]._unsigned(credential.partner_id, credential.dataset_ids)
            if unsigned:
                raise ValidationError(self.env._(
                    "Data Sets: the test of %(names)s is not signed off for “%(partner)s” yet. Issue a test key first.",
                    names="、".join(unsigned.mapped("name")), partner=credential.partner_id.display_name))

    def _quota_text(self):
        """Return how much may come with the key, in the reader's language."""
        values = {"key": self.key, "rows": self.daily_rows, "requests": self.minute_requests}
        if self.is_sandbox:
            return self.env._(
                "Test key %(key)s: %(rows)s rows in 24 hours, %(requests)s requests a minute", **values)
        return self.env._("Key %(key)s: %(rows)s rows in 24 hours, %(requests)s requests a minute", **values)

    def _check_pace(self, made=0):
        """Refuse a key that asked too often within a minute.

        :param made: requests of this minute that were accepted; those that were refused are counted here
        :raise Refused: ``too_many``
        """
        self.ensure_one()
        refused = self.env["ctsp.dataset.call"].sudo().search_count([  # sudo: nobody is signed in at the interface
            ("credential_id", "=", self.id), ("called_at", ">", fields.Datetime.now() - timedelta(minutes=1)),
            ("status", ">=", 400), ("status", "<", 500)])
        if made + refused >= self.minute_requests:
            raise Refused("too_many", "请求过于频繁，请稍后重试", retryAfter=60)

    def _tell_end(self, day):
        """Tell the institution once, on its desk."""
        super()._tell_end(day)
        if self.partner_id and self.dataset_ids:
            partner = self.partner_id.commercial_partner_id
            report = self.env["ctsp.dataset.conformance"]._of(partner, self.dataset_ids[0])
            self.env["ctsp.desk.notice"]._send(
                report, "ctsp_dataset.ctsp_dataset_conformance_action_desk", f"接口密钥{self.key}将于{day}失效",
                "请联系监管机构更换；更换后新旧密钥并存一段时间，逾期未更换的，报送将被拒绝。", "warning",
                f"exchange.key:{self.id}:{day}")
