from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import screen

from .rectification_workflow import DECIDER

_lt = LazyTranslate(__name__)

ENGINE_FIELDS = frozenset({
    "evaluation", "evaluation_reason", "evaluation_due", "evaluated_at", "evaluated_by", "rectification_ids"})
SETTLED = ("accepted", "cancelled")


class Inspection(models.Model):
    """Rectification of an inspection's findings and the comprehensive evaluation (综合评定) that ends it."""

    _inherit = "ctsp.inspection"

    rectification_ids = fields.One2many("ctsp.rectification", "inspection_id", "Rectification")
    rectification_count = fields.Integer("Findings to Rectify", compute="_compute_rectification_count")
    rectification_open_count = fields.Integer("Not Yet Verified", compute="_compute_rectification_count")
    evaluation = fields.Selection(
        [("pass", "Meets the Requirements"), ("fail", "Does Not Meet the Requirements")], "Comprehensive Evaluation",
        readonly=True, copy=False, index="btree_not_null", tracking=True)
    evaluation_reason = fields.Text("Reasons of the Evaluation", readonly=True, copy=False, tracking=True)
    evaluation_due = fields.Date("Evaluate Until", readonly=True, copy=False)
    evaluated_at = fields.Datetime("Evaluated On", readonly=True, copy=False)
    evaluated_by = fields.Many2one("res.users", readonly=True, copy=False)

    @api.depends("rectification_ids.state")
    def _compute_rectification_count(self):
        groups = self.env["ctsp.rectification"]._read_group(
            [("inspection_id", "in", self.ids), ("state", "!=", "cancelled")], ["inspection_id", "state"], ["__count"])
        total, open_ = {}, {}
        for inspection, state, count in groups:
            total[inspection.id] = total.get(inspection.id, 0) + count
            open_[inspection.id] = open_.get(inspection.id, 0) + (count if state not in SETTLED else 0)
        for inspection in self:
            inspection.rectification_count = total.get(inspection._origin.id, 0)
            inspection.rectification_open_count = open_.get(inspection._origin.id, 0)

    def _check_writable(self, names):
        if engine := ENGINE_FIELDS & set(names):
            raise AccessError(self.env._(
                "“%(field)s” is written by the evaluation only.",
                field=self._fields[min(engine)]._description_string(self.env)))
        return super()._check_writable(names)

    def _rectification_alert_keys(self):
        """Return the keys of the alert about what is late and of its escalation."""
        return [f"rectification:{self.id}", f"rectification.escalation:{self.id}"]

    def _after_rectify(self, reason):
        """What a correction issued stops the limit of the evaluation; when all is verified already, it begins."""
        inspection = self.sudo()  # the right was checked by the step
        before = inspection.rectification_ids.filtered(lambda item: item.state == "waiting")
        super()._after_rectify(reason)
        inspection._tell_issued(inspection.rectification_ids.filtered(lambda item: item.state == "waiting") - before)
        if any(item.state not in SETTLED for item in inspection.rectification_ids):
            inspection._evaluation_waits()
        else:
            inspection._rectification_settled()

    def _tell_issued(self, items):
        """One notice to the institution for all findings that were issued together."""
        if first := items.sorted("date_due")[:1]:
            first._tell(
                _lt("%(inspection)s: %(count)s findings were issued, to be answered by %(due)s"), tone="warning",
                inspection=self.name, count=len(items), due=first.date_due)

    def _tell_evaluated(self, result, reason):
        sentence, tone = {
            "pass": (_lt("%(inspection)s: comprehensive evaluation, requirements met"), "success"),
            "fail": (_lt("%(inspection)s: comprehensive evaluation, requirements not met"), "danger")}[result]
        if item := self.rectification_ids[:1]:
            item._tell(sentence, reason, tone, inspection=self.name)

    def _evaluation_lapses(self):
        """A correction takes back what was concluded from the content before; the log of changes keeps it.

        Called as superuser by the step.
        """
        self.write({
            "evaluation": False, "evaluation_reason": False, "evaluated_at": False, "evaluated_by": False})
        self._evaluation_waits()

    def _rectification_settled(self):
        """When the last finding is verified, ask for the evaluation. Called as superuser by the steps."""
        for inspection in self:
            items = inspection.rectification_ids
            if inspection.state != "rectification" or any(item.state not in SETTLED for item in items):
                continue
            inspection._evaluation_begins()
            inspection._ask(
                inspection._least_busy_reviewer(), _lt("Evaluate the inspection"), inspection.evaluation_due)

    # ------------------------------------------------------------------
    # Evaluation
    # ------------------------------------------------------------------
    def evaluate(self, result, reason=None):
        """Record the comprehensive evaluation; for reviewers and leaders, by button and RPC.

        :param result: ``pass`` or ``fail``
        :raise UserError: not in rectification, evaluated already, findings open for a pass, no reason for a fail
        """
        self.ensure_one()
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in DECIDER):
            raise AccessError(self.env._("Reviewers and leaders evaluate an inspection."))
        reason = (reason or "").strip()
        self._check_evaluation(result, reason)
        inspection = self.sudo()  # the right was checked; nobody may write these fields
        inspection.write({
            "evaluation": result, "evaluation_reason": reason or False, "evaluated_at": fields.Datetime.now(),
            "evaluated_by": self.env.uid})
        if result == "fail":
            inspection.rectification_ids.filtered(lambda item: item.state not in SETTLED).run_transition(
                "cancel", self.env._("The inspection was evaluated: requirements not met"))
            inspection.finding_ids.filtered(lambda row: row.state in ("issued", "answered")).run_transition("fail")
        self.env["ctsp.risk.alert"]._resolve(inspection._rectification_alert_keys())
        inspection._term_met("evaluation")
        inspection._term_met("verify")
        inspection._done()
        inspection._tell_evaluated(result, reason)
        return True

    def _check_evaluation(self, result, reason):
        if result not in ("pass", "fail"):
            raise UserError(self.env._("Comprehensive Evaluation: choose the result."))
        if self.state != "rectification":
            raise UserError(self.env._(
                "%(inspection)s is in the state “%(state)s”: it is evaluated after its findings were issued and before "
                "closing.", inspection=self.display_name, state=self._state_label(self.state)))
        if self.evaluation:
            raise UserError(self.env._(
                "%s was evaluated already: correct the inspection if that was wrong.", self.display_name))
        if result == "pass" and self.rectification_open_count:
            raise UserError(self.env._(
                "%s findings are not verified yet: the requirements are not met.", self.rectification_open_count))
        if result == "fail" and not reason:
            raise UserError(self.env._("Reasons of the Evaluation: say why the requirements are not met."))

    def _label_of(self, name):
        """Return the word for the value of a selection field, "" when it is empty."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name]) or ""

    def action_evaluate(self):
        """Open the dialog of the evaluation."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.inspection.evaluate", "views": [(False, "form")],
            "target": "new", "name": self.env._("Comprehensive Evaluation"),
            "context": {"default_inspection_id": self.id,
                        "default_result": "fail" if self.rectification_open_count else "pass"}}

    def action_open_rectifications(self):
        """Open the rectifications of this inspection."""
        self.ensure_one()
        return screen.opened(self, "ctsp_inspection.ctsp_rectification_action", [("inspection_id", "=", self.id)])

    def _check_may_close(self):
        """After a rectification an inspection ends with its evaluation; a failed one may leave findings open."""
        if self.sudo().rectification_ids and not self.evaluation:  # cancelled items may be hidden from the reader
            raise UserError(self.env._("Comprehensive Evaluation: evaluate the inspection before it is closed."))
        if self.evaluation != "fail":
            return super()._check_may_close()
        return None
