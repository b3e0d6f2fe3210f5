from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock

STEP = 1000


class DatasetLate(models.Model):
    """Who reports late: nothing accepted for longer than the data set allows, though there is a key for it."""

    _inherit = "ctsp.dataset"

    expected_days = fields.Integer(
        "Expected Every (Days)", help="Institutions with a key are reminded when nothing was accepted for so long. "
        "0: nobody is.")
    conformance_rows = fields.Integer(
        "Rows of the Bulk Test", default=1, help="The test before a key of production has to send so many rows at "
        "once. 1: no such test.")

    _expected_positive = models.Constraint(
        "CHECK(expected_days >= 0 AND conformance_rows BETWEEN 1 AND 1000)",
        "Expected Every: no less than 0 days; Rows of the Bulk Test: 1 to 1,000.")

    @api.model
    def _cron_remind(self):
        """Remind each late institution once per period, and tell the steward; called once a day."""
        for dataset in self.search([("expected_days", ">", 0)]):
            dataset._remind()

    def _remind(self):
        since = fields.Datetime.now() - timedelta(days=self.expected_days)
        keys = self.env["ctsp.exchange.credential"].search([
            ("dataset_ids", "in", self.ids), ("is_sandbox", "=", False), ("partner_id", "!=", False),
            ("state", "=", "active"), ("date_start", "<", since)])
        partners = keys.partner_id.commercial_partner_id
        last = dict(self.env["ctsp.dataset.submission"]._read_group(
            [("dataset_id", "=", self.id), ("is_test", "=", False), ("accepted", ">", 0),
             ("partner_id", "in", partners.ids)], ["partner_id"], ["received_at:max"]))
        late = partners.filtered(lambda partner: partner not in last or last[partner] < since)
        alerts = self.env["ctsp.risk.alert"]
        alerts._resolve([self._late_key(partner) for partner in partners - late])
        for partner in late:
            self._remind_one(partner, last.get(partner))

    def _late_key(self, partner):
        return f"dataset.late:{self.id}:{partner.id}"

    def _remind_one(self, partner, last):
        """One alert while it lasts, one notice for each period that was missed."""
        told = f"{clock.local_date(last)}以后" if last else "开通接口以来"
        sentence = f"{partner.name}{told}未报送“{self.name}”（应每{self.expected_days}天报送一次）"
        report = self.env["ctsp.dataset.conformance"]._of(partner, self)
        self.env["ctsp.risk.alert"]._raise([{
            "key": self._late_key(partner), "record": report, "name": sentence, "level": "warning",
            "source": "deadline", "role_id": self.env.ref("ctsp_base.group_data_steward").id}])
        period = clock.today().toordinal() // self.expected_days
        self.env["ctsp.desk.notice"]._send(
            report, "ctsp_dataset.ctsp_dataset_conformance_action_desk", f"“{self.name}”逾期未报送", sentence,
            "warning", f"{self._late_key(partner)}:{period}")
