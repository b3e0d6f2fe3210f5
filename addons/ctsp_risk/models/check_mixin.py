from odoo import api, fields, models
from odoo.exceptions import UserError


class CheckMixin(models.AbstractModel):
    """Records that checks run on: results, counters, the button, the gate.

    In a form: ``<field name="check_result_ids" widget="ctsp_check_results"/>`` shows the results, each with a link
    that opens the page of the field it is about.
    """

    _name = "ctsp.check.mixin"
    _description = "Checked Record Mixin"

    check_result_ids = fields.One2many(
        "ctsp.check.result", "res_id", string="Check Results", readonly=True, copy=False,
        domain=lambda self: [("res_model", "=", self._name)])
    check_blocking_count = fields.Integer(string="Blocking Findings", compute="_compute_check_counts")
    check_warning_count = fields.Integer(string="Warnings", compute="_compute_check_counts")
    check_state = fields.Selection(
        "_selection_check_state", string="Checks", compute="_compute_check_counts", search="_search_check_state")
    check_date = fields.Datetime(string="Checked on", compute="_compute_check_counts")

    @api.model
    def _selection_check_state(self):
        """Labels as code terms: those of a list would have to be translated again by each addon that inherits them."""
        return list({
            "none": self.env._("Not Checked"),
            "passed": self.env._("Passed"),
            "warning": self.env._("With Warnings"),
            "blocking": self.env._("Blocked"),
        }.items())

    def _compute_check_counts(self):
        """One grouped query for all records."""
        groups = self.env["ctsp.check.result"]._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id", "level", "passed"], ["__count", "create_date:max"])
        failed, dates = {}, {}
        for res_id, level, passed, count, date in groups:
            dates[res_id] = max(dates.get(res_id, date), date)
            if not passed:
                failed[res_id, level] = count
        for record in self:
            key = record._origin.id
            record.check_blocking_count = failed.get((key, "blocking"), 0)
            record.check_warning_count = failed.get((key, "warning"), 0)
            record.check_date = dates.get(key, False)
            record.check_state = (
                "blocking" if record.check_blocking_count else "warning" if record.check_warning_count
                else "passed" if record.check_date else "none")

    def _search_check_state(self, operator, value):
        """Search by outcome of the last run."""
        if operator != "in":
            return NotImplemented
        results = self.env["ctsp.check.result"]
        mine = [("res_model", "=", self._name)]

        def having(*domain):
            return results._search([*mine, *domain]).subselect("res_id")

        parts = {
            "none": [("id", "not in", having())],
            "blocking": [("id", "in", having(("passed", "=", False), ("level", "=", "blocking")))],
            "warning": [
                ("id", "in", having(("passed", "=", False), ("level", "=", "warning"))),
                ("id", "not in", having(("passed", "=", False), ("level", "=", "blocking")))],
            "passed": [
                ("id", "in", having()),
                ("id", "not in", having(("passed", "=", False)))],
        }
        return fields.Domain.OR(parts[state] for state in value if state in parts)

    def action_run_checks(self):
        """Run the checks of these records now (button and RPC). Needs read access; results are the engine's.

        What belongs to no organisation, such as a trial of several, is not checked from outside.
        """
        self.check_access("write" if self.env.user.share and "owner_partner_id" not in self._fields else "read")
        self.env["ctsp.check"]._run(self._name, self)
        return True

    def _raise_if_blocking(self, run=True):
        """Stop when a blocking check fails.

        :param run: run the checks first
        :raise UserError: names every blocking finding, its field and reason
        """
        if run:
            self.env["ctsp.check"]._run(self._name, self)
        failed = self.env["ctsp.check.result"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("passed", "=", False), ("level", "=", "blocking")])
        if not failed:
            return
        lines = "\n".join(
            f"• {failure.field_label}：{failure.message}" if failure.field_label else f"• {failure.message}"
            for failure in failed)
        raise UserError(self.env._("Automatic checks found what must be mended first:\n%s", lines))

    def _alert_owner_name(self):
        """Return the name of the organisation that an alert about this record concerns. For override."""
        return self.owner_partner_id.name if "owner_partner_id" in self._fields else False

    def unlink(self):
        """Results go with their record (superuser: nobody may delete results by hand)."""
        results = self.env["ctsp.check.result"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)])
        done = super().unlink()
        results.unlink()
        return done
