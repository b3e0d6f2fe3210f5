from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock

from .filing import UNDER_WAY

_lt = LazyTranslate(__name__)

ACTIVITY = "ctsp_filing.mail_activity_type_filing"
ANNUAL_ACTIVITY = "ctsp_filing.mail_activity_type_annual"
SEQUENCES = {
    "initial": "ctsp.filing.initial", "change": "ctsp.filing.change", "cancellation": "ctsp.filing.cancellation"}


class Filing(models.Model):
    """The steps of a filing, and who has to act next by when."""

    _inherit = "ctsp.filing"

    review_due = fields.Date(
        "Review Due", readonly=True, copy=False, index="btree_not_null",
        help="Working days from the last submission, see parameter filing.review_days.")
    days_waiting = fields.Integer(compute="_compute_days_waiting", aggregator=None)
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")

    @api.depends("state", "state_since")
    def _compute_days_waiting(self):
        """Working days the filing has been in its present state, for filings under way."""
        today = clock.today()
        workdays = self.env["ctsp.workday"]
        for filing in self:
            waiting = filing.state in UNDER_WAY and filing.state_since
            since = clock.local_date(filing.state_since) if waiting else today
            filing.days_waiting = workdays._between(since, today) if waiting else 0

    @api.depends("state", "review_due")
    def _compute_is_overdue(self):
        today = clock.today()
        for filing in self:
            filing.is_overdue = bool(
                filing.state in ("submitted", "in_review") and filing.review_due and filing.review_due < today)

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("state", "in", ("submitted", "in_review")) & Domain(
            "review_due", "<", clock.today())
        return late if (operator == "in") == (True in value) else ~late

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------
    def _check_transition(self, transition):
        super()._check_transition(transition)
        check = getattr(self, f"_check_may_{transition.code}", None)
        if check:
            check()

    def _check_may_submit(self):
        """Blocking checks stop the submission; warnings are shown to both sides."""
        self._check_still_fits()
        self._raise_if_blocking()

    def _check_still_fits(self):
        """Another filing may have filed or cancelled the institution since this one was begun."""
        # superuser: what the registry says is asked for, whoever makes the step
        self._check_kind_fits(self.kind, self.institution_id.sudo())

    def _check_may_resubmit(self):
        """A returned filing goes in again with every remark answered."""
        self._check_still_fits()
        silent = self.remark_ids.filtered(lambda remark: not remark.resolved and not remark.answer)
        if silent:
            raise UserError(self.env._(
                "Remarks: answer “%(remark)s” first (%(count)s without an answer).",
                remark=silent[0].text, count=len(silent)))
        self._raise_if_blocking()

    def _check_may_approve(self):
        """The check list is complete, codes are there, and nobody changed the same fields meanwhile."""
        self._check_still_fits()
        if self.kind == "initial" and not self.record_no:
            raise UserError(self.env._("Filing No.: record the number issued by the national platform first."))
        if self.record_no and self._record_no_taken():
            raise UserError(self.env._("Filing No.: %(number)s is already registered.", number=self.record_no))
        open_items = self.checklist_ids.filtered(lambda row: row.required and not row.result)
        if open_items:
            raise UserError(self.env._(
                "Check List: “%(item)s” is not answered (%(count)s open).",
                item=open_items[0].name, count=len(open_items)))
        conflicts = self._conflicts()
        if conflicts and not self.override_conflicts:
            raise UserError(self.env._(
                "The registry changed since the proposal was made:\n%(conflicts)s\nReturn the filing, or tick "
                "“Proposal Prevails” on the page “What Differs”.", conflicts="\n".join(conflicts)))

    def _record_no_taken(self):
        # superuser: a number is unique whoever asks
        return self.env["ctsp.institution"].sudo().with_context(active_test=False).search_count([
            ("record_no", "=", self.record_no), ("id", "!=", self.institution_id.id)], limit=1)

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------
    def _after_submit(self, reason):
        self._wait_for_officer()

    def _after_resubmit(self, reason):
        self._wait_for_officer()

    def _before_accept(self, reason):
        """The first officer who accepts is in charge, the number is issued once."""
        filing = self.sudo()  # acceptance number and check list are written by the step, not by the officer's own right
        if not filing.number:
            filing.number = self.env["ir.sequence"]._draw(SEQUENCES[self.kind])
        if self.env.uid != SUPERUSER_ID:
            filing.reviewer_id = self.env.uid
        filing.checklist_ids._complete(filing)

    def _after_accept(self, reason):
        self._done()
        self._ask(self.reviewer_id, _lt("Review and decide"))

    def _after_return(self, reason):
        """Remarks become visible to the institution; the reason itself is one of them."""
        filing = self.sudo()  # counters and published remarks are evidence that no user writes
        filing.return_count += 1
        filing.remark_ids.filtered(lambda remark: not remark.published).published = True
        self._done()

    def _before_approve(self, reason):
        # superuser: the step is the right; what it carries over is fixed by the filing
        self.sudo()._freeze_diff()

    def _after_approve(self, reason):
        self.sudo()._apply()
        self._done()

    def _before_refuse(self, reason):
        self.sudo()._freeze_diff()

    def _after_refuse(self, reason):
        self._done()

    def _before_withdraw(self, reason):
        """The institution withdraws with the right to read only: its filing is no longer its to edit."""
        self.sudo()._freeze_diff()

    def _after_withdraw(self, reason):
        self._done()

    # ------------------------------------------------------------------
    # The next person
    # ------------------------------------------------------------------
    def _wait_for_officer(self):
        filing = self.sudo()  # outside users may not plan the officers' work
        days = self.env["ctsp.parameter"]._get("filing.review_days")
        filing.review_due = self.env["ctsp.workday"]._add(clock.today(), days)
        filing._done()
        filing._ask(filing.reviewer_id & filing._officers() or filing._least_busy_officer(), _lt("Accept or return"))

    @api.model
    def _officers(self):
        """Return who may be given a filing or a report to review now."""
        return self.env.ref("ctsp_base.group_filing_officer").all_user_ids.filtered(
            lambda user: user.active and not user.share)

    @api.model
    def _least_busy_officer(self):
        """Return the filing officer with the fewest filings and annual reports to act on (superuser mode).

        Tasks are counted: what was handed in and nobody accepted yet is work, too.
        """
        officers = self._officers()
        kinds = self.env.ref(ACTIVITY) | self.env.ref(ANNUAL_ACTIVITY)
        busy = dict(self.env["mail.activity"]._read_group(
            [("user_id", "in", officers.ids), ("activity_type_id", "in", kinds.ids)], ["user_id"], ["__count"]))
        return officers.sorted(lambda user: (busy.get(user, 0), user.id))[:1]

    def _ask(self, user, summary):
        """Give the next person a task with a date, in his language.

        Superuser: the step may be made by an outside user.
        """
        if user:
            filing = self.sudo().with_context(mail_activity_quick_update=True, lang=user.lang)
            filing.activity_schedule(
                ACTIVITY, date_deadline=self.review_due, summary=filing.env._(summary), user_id=user.id)

    def _done(self):
        """Take the tasks of the step before away. Superuser: they may belong to somebody else."""
        self.sudo().activity_unlink([ACTIVITY])
