from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_risk.models.risk_alert import OPEN_STATES


class DatasetLate(models.Model):
    """Who reports late: nothing accepted for longer than the data set allows, though there is a key for it."""

    _inherit = "ctsp.dataset"

    expected_days = fields.Integer(
        "Expected Every (Days)", help="Institutions with a key of production are reminded when nothing was "
        "accepted for so long. What comes with the platform is its default (the annual report's is the legal one: a "
        "year and January), and may be changed. 0: nobody is.")
    conformance_rows = fields.Integer(
        "Rows of the Bulk Test", default=1, help="The test before a key of production has to send so many rows at "
        "once. 1: no such test.")

    _expected_positive = models.Constraint(
        "CHECK(expected_days >= 0 AND conformance_rows BETWEEN 1 AND 1000)",
        "Expected Every: no less than 0 days; Rows of the Bulk Test: 1 to 1,000.")

    @api.model
    def _cron_remind(self):
        """Remind each late institution once per period, and tell the steward; called once a day."""
        for dataset in self.with_context(active_test=False).search([]):
            dataset._remind()

    def _remind(self):
        since = fields.Datetime.now() - timedelta(days=self.expected_days)
        begun = self._begun() if self.active and self.expected_days else {}
        last = dict(self.env["ctsp.dataset.submission"]._read_group(
            [("dataset_id", "=", self.id), ("is_test", "=", False), ("accepted", ">", 0),
             ("partner_id", "in", [partner.id for partner in begun])], ["partner_id"], ["received_at:max"]))
        late = [partner for partner, start in begun.items() if max(start, last.get(partner, start)) < since]
        alerts = self.env["ctsp.risk.alert"]
        raised = alerts.sudo().search([  # sudo: alerts are the engine's
            ("dedup_key", "=like", f"{self._late_key()}%"), "|", ("state", "in", OPEN_STATES), ("muted", "=", True)])
        alerts._resolve(set(raised.mapped("dedup_key")) - {self._late_key(partner) for partner in late})
        for partner in late:
            self._remind_one(partner, last.get(partner))

    def _begun(self):
        """Return since when each institution with a key of production in use has had one: a new one in its place does
        not begin the time anew."""
        keys = self.env["ctsp.exchange.credential"].search([
            ("dataset_ids", "in", self.ids), ("is_sandbox", "=", False), ("partner_id", "!=", False)],
            order="date_start")
        begun = {}
        for key in keys:
            begun.setdefault(key.partner_id.commercial_partner_id, key.date_start)
        return {partner: begun[partner]
                for partner in keys.filtered(lambda key: key.state == "active").partner_id.commercial_partner_id}

    def _late_key(self, partner=None):
        return f"dataset.late:{self.id}:{partner.id if partner else ''}"

    def _remind_one(self, partner, last):
        """One alert while it lasts, one notice for each period that was missed; nothing more once it was dismissed."""
        told = f"{clock.local_date(last)}以后" if last else "开通接口以来"
        sentence = f"{partner.name}{told}未报送“{self.name}”（应每{self.expected_days}天报送一次）"
        report = self.env["ctsp.dataset.conformance"]._of(partner, self)
        raised = self.env["ctsp.risk.alert"]._raise([{
            "key": self._late_key(partner), "record": report, "name": sentence, "level": "warning",
            "source": "deadline", "role_id": self.env.ref("ctsp_base.group_data_steward").id}], watched=True)
        if not raised:
            return
        period = clock.today().toordinal() // self.expected_days
        self.env["ctsp.desk.notice"]._send(
            report, "ctsp_dataset.ctsp_dataset_conformance_action_desk", f"“{self.name}”逾期未报送", sentence,
            "warning", f"{self._late_key(partner)}:{period}")
