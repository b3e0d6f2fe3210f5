from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_filing.models.filing_line_mixin import OPEN_STATES
from odoo.addons.ctsp_plan.models.plan_line import UNBEGUN

from .business_item import FILING_KINDS

WORKERS = {**dict.fromkeys(FILING_KINDS, "_to_filing"), "annual": "_to_report", "inspection": "_to_visit",
           "other": "_to_task"}


class BusinessItemWork(models.Model):
    """An item becomes what it asks for, in the name of the platform and by the rules everybody else has, too.

    What the rules do not let pass is not forced: it is told to the applicant as 补正, and tried again with the next
    content.
    """

    _inherit = "ctsp.business.item"

    def _work(self):
        """Do what the item asks for, as far as the rules let it."""
        self.ensure_one()
        if self.state == "unmatched":
            self._tell_person()
            return
        item = self._as_platform()
        problems = getattr(item, WORKERS[item.kind])()
        item.problems = problems or False
        item._tell_person()
        if problems:
            item._send("biz.status", stage="correction")

    def _attempt(self, step):
        """Make ``step`` whole or not at all; return what was in its way."""
        try:
            with self.env.cr.savepoint():
                found = step() or []
                self.env.flush_all()
                return found
        except UserError as error:
            return [{"section": "other", "subject": "", "text": str(error)}]

    # ---- filings

    def _to_filing(self):
        """Put the content into the filing and hand it in; return what has to be mended first."""
        return self._attempt(self._write_filing) or self._blocking() or self._attempt(self._hand_in)

    def _write_filing(self):
        content = self._content()
        filing = self.filing_id
        if filing.state not in OPEN_STATES:
            filing = self.env["ctsp.filing"].create({
                "kind": self.kind, "institution_id": self.institution_id.id, "name": self._proposed_name(content),
                "scope": content.get("scope") or "institution"})
            self.filing_id = filing
        return self._fill_filing(filing, content)

    def _proposed_name(self, content):
        institution = (content.get("form") or {}).get("institution") or {}
        return institution.get("name") or self.institution_id.name or self.applicant

    def _blocking(self):
        """Return what the automatic checks of filings find that must not be."""
        results = self.env["ctsp.check"]._run("ctsp.filing", self.filing_id)
        return [
            {"section": row.field_name or "other", "subject": row.field_label or "", "text": row.message}
            for row in results if not row.passed and row.level == "blocking"]

    def _hand_in(self):
        filing = self.filing_id
        filing.run_transition("resubmit" if filing.state == "returned" else "submit")

    # ---- annual reports

    def _to_report(self):
        return self._attempt(self._write_report) or self._attempt(self._hand_in_report)

    def _write_report(self):
        """Fill in the report that the institution owes for the year; return what people filled in otherwise."""
        row = (self._content().get("form") or {}).get("annual") or {}
        report = self.env["ctsp.annual.report"].search([
            ("institution_id", "=", self.institution_id.id), ("year", "=", row.get("year"))], limit=1)
        if not report:
            raise UserError(self.env._(
                "Year: the annual reports of %(year)s have not been called for yet.", year=row.get("year") or ""))
        if report.state not in OPEN_STATES:
            raise UserError(self.env._(
                "Year: the annual report of %(year)s has been handed in already.", year=row["year"]))
        self.report_id = report
        kept = []
        self.env["ctsp.dataset.submission"]._fill_report(report, row, lambda _path, text: kept.append(
            {"section": "other", "subject": "", "text": text}))
        for figure in report.figure_ids:  # by code of the indicator: sections may have the same codes
            if (value := (row.get("figures") or {}).get(figure.indicator_id.code)) is not None:
                figure.write({"value": value, "has_value": True})
        return kept

    def _hand_in_report(self):
        report = self.report_id
        report.run_transition("resubmit" if report.state == "returned" else "submit")

    # ---- inspections

    def _to_visit(self):
        return self._attempt(self._write_visit)

    def _write_visit(self):
        """Give the institution its planned inspection, in a campaign of the item's own, published by its issuer."""
        line = self.plan_line_id
        if line:
            self._move_visit(line)
            if line.state == "cancelled":
                line.run_transition("restore", self._where_from())
            if line.state in UNBEGUN and line.date_due != self.date_due:
                line.write({"date_due": self.date_due, "change_reason": self._where_from()})
            return
        plan = self.env["ctsp.plan"].create({
            "kind": "special", "year": (self.date_due or clock.today()).year, "period": "year", "name": self.name,
            "basis": self.note or self._where_from(), "scope": self._where_from()})
        self.plan_line_id = self.env["ctsp.plan.line"].create({
            "plan_id": plan.id, "institution_id": self.institution_id.id, "date_due": self.date_due,
            "reason": self.name, "change_reason": self._where_from()})
        plan.run_transition("publish")
        self.accepted_at = self.env.cr.now()
        self._send("biz.accept", accepted=True)

    def _where_from(self):
        return self.env._("Item %(number)s of the business platform", number=self.number)

    # ---- what is worked on as it is

    def _to_task(self):
        """Nothing to make: a person accepts it on its own screen."""
        self._send("biz.status", stage="working" if self.accepted_at else "submitted")
