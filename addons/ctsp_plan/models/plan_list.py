from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, dateutil, safe_eval

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .plan_line import UNBEGUN

BATCH = 100


class Plan(models.Model):
    """The list of institutions of a routine plan or campaign: by a filter, by import, ordered by risk."""

    _inherit = "ctsp.plan"

    institution_domain = fields.Char(
        "Institutions by Filter", default="[('state', '=', 'filed')]",
        help="The institutions that “Fill the List” adds.")
    filter_id = fields.Many2one(
        "ir.filters", "Saved Filter", store=False, domain="[('model_id', '=', 'ctsp.institution')]",
        help="Takes over the conditions of a filter saved in the list of institutions.")

    @api.onchange("filter_id")
    def _onchange_filter_id(self):
        if self.filter_id:
            self.institution_domain = self.filter_id.domain

    def _institutions(self):
        """Return what the filter finds, with the reader's own rights. Only literals and the date helpers are read."""
        try:
            domain = Domain(safe_eval(self.institution_domain or "[]", self._filter_words()))
            return self.env["ctsp.institution"].search(domain)
        except (ValueError, TypeError, SyntaxError) as error:
            raise UserError(self.env._("Institutions by Filter: the conditions cannot be understood.")) from error

    @api.model
    def _filter_words(self):
        """Return what a saved filter may name beside literals."""
        return {"uid": self.env.uid, "datetime": datetime, "relativedelta": dateutil.relativedelta.relativedelta,
                "context_today": clock.today}

    def action_fill(self):
        """Add the institutions of the filter that the list does not name yet, and score them (button)."""
        self.ensure_one()
        self._check_listable()
        known = set(self.line_ids.institution_id.ids)
        fresh = self._institutions().filtered(lambda row: row.id not in known)
        with self.env["ctsp.progress"]._open(self.name, len(fresh), self) as progress:
            for start in range(0, len(fresh), BATCH):
                batch = fresh[start:start + BATCH]
                lines = self.env["ctsp.plan.line"].create([
                    {"plan_id": self.id, "institution_id": row.id, "date_due": self.date_to} for row in batch])
                lines._score()
                progress.step(len(batch))
        return self._tell(self.env._("%s institutions were added.", len(fresh)))

    def action_score(self):
        """Score the list anew (button)."""
        self.ensure_one()
        self._check_listable()
        self.line_ids._score()
        return True

    def action_order(self):
        """Put the list in the order of risk and spread the due days over the period, high risk first (button).

        An institution proposed twice a year has a second visit in a yearly plan, at the end of the period.
        """
        self.ensure_one()
        self._check_listable()
        if not all(self.line_ids.mapped("frequency")):
            self.line_ids._score()
        if self.period == "year" and self.kind == "routine":
            self._add_second_visits()
        lines = self.line_ids.filtered(lambda line: line.state in UNBEGUN)
        lines = lines.sorted(lambda line: (line.proposed_skip, -line.risk_score, line.id))
        for number, line in enumerate(lines, 1):
            line.write({"sequence": number, "date_due": self._spread(number, len(lines))})
        for second in self._second_visits() & lines:
            second.date_due = self.date_to
        return True

    def _second_visits(self):
        """Return the later line of each institution that the list names twice."""
        seen, later = set(), self.env["ctsp.plan.line"]
        for line in self.line_ids.sorted("id"):
            if line.institution_id in seen:
                later |= line
            seen.add(line.institution_id)
        return later

    def _add_second_visits(self):
        twice = self._second_visits().institution_id
        lines = self.line_ids.filtered(lambda line: line.frequency == "twice" and line.institution_id not in twice)
        self.env["ctsp.plan.line"].create([{
            "plan_id": self.id, "institution_id": line.institution_id.id, "date_due": self.date_to,
            "reason": in_record_language(self).env._("Second visit: high risk"),
        } for line in lines])._score()

    def _spread(self, number, total):
        """Return the due day of the ``number``-th of ``total`` visits: a working day in what is left of the period."""
        first = max(self.date_from, min(clock.today(), self.date_to))
        day = first + timedelta(days=round((self.date_to - first).days * number / total))
        workday = self.env["ctsp.workday"]
        while not workday._is_workday(day) and day > first:
            day -= timedelta(days=1)
        return day

    def _check_listable(self):
        """Whole lists change in drafts only; single institutions are added to a published plan with a reason."""
        self.check_access("write")
        if self.state != "draft" or self.kind == "first":
            raise UserError(self.env._("“%s” is published: add single institutions with a reason.", self.name))

    def _tell(self, message):
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"message": message, "type": "success",
                       "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }

    def action_import_lines(self):
        """Open the import of planned inspections into this plan (button): the file names institutions."""
        self.ensure_one()
        self._check_listable()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.import_start_action")
        return {**action, "name": self.env._("Import Institutions"),
                "context": {"default_res_model": "ctsp.plan.line", "default_inspection_plan_id": self.id}}

    @api.constrains("institution_domain")
    def _check_institution_domain(self):
        for plan in self.filtered("institution_domain"):
            plan._institutions()

    def copy_data(self, default=None):
        """A copy keeps filter, basis, scope and tasks and moves to the next year; the list is made anew."""
        rows = super().copy_data(default)
        for vals in rows:
            if vals.get("kind") == "routine":
                vals["year"] += 1
                for name in ("date_from", "date_to", "name"):
                    vals.pop(name, None)
        return rows
