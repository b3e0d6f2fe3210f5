from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

LEVELS = [("notice", "Notice"), ("warning", "Warning"), ("serious", "Serious")]
OPEN_STATES = ("new", "assigned", "handled")
ANALYST = ("ctsp_base.group_risk_analyst",)
REGULATOR = ("ctsp_base.group_regulator",)


class RiskAlert(models.Model):
    """A risk that somebody has to look at: raised by a rule, a check, a deadline, the audit; assigned, handled, closed.

    At most one open alert per ``dedup_key``. Alerts are raised by :meth:`_raise`, never created by hand except by a
    risk analyst.
    """

    _name = "ctsp.risk.alert"
    _description = "Risk Alert"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.export.mixin"]
    _order = "id desc"

    _workflow = Workflow("new", (
        Transition("assign", ("new",), "assigned", _lt("Assign"), groups=ANALYST),
        Transition("reassign", ("assigned",), "assigned", _lt("Reassign"), groups=ANALYST),
        Transition("handle", ("assigned",), "handled", _lt("Mark as Handled"), groups=REGULATOR,
                   needs_reason=True, access="read", stamp="handled"),
        Transition("close", ("handled",), "closed", _lt("Close"), groups=ANALYST, stamp="closed"),
        Transition("dismiss", ("new", "assigned", "handled"), "dismissed", _lt("Dismiss"), groups=ANALYST,
                   needs_reason=True, stamp="closed"),
        Transition("reopen", ("handled", "closed", "dismissed"), "new", _lt("Reopen"), groups=ANALYST,
                   needs_reason=True),
        Transition("resolve", OPEN_STATES, "closed", _lt("Resolved by itself"), automatic=True, stamp="closed"),
    ))
    _integrity_fields = {1: (
        "name", "state", "level", "res_model", "res_id", "detail", "handling", "handled_by", "closed_by", "muted")}

    name = fields.Char(string="Title", required=True)
    state = fields.Selection(
        [("new", "New"), ("assigned", "Assigned"), ("handled", "Handled"), ("closed", "Closed"),
         ("dismissed", "Dismissed")],
        required=True, default="new", readonly=True, index=True, group_expand=True)
    level = fields.Selection(LEVELS, required=True, default="warning", index=True)
    source = fields.Selection(
        [("rule", "Rule"), ("check", "Check"), ("deadline", "Deadline"), ("audit", "Audit"), ("manual", "By Hand")],
        required=True, default="manual", index=True)
    rule_id = fields.Many2one("ctsp.risk.rule", ondelete="set null", index="btree_not_null", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    res_name = fields.Char(string="About", readonly=True)
    owner_name = fields.Char(string="Institution", readonly=True, index=True)
    detail = fields.Text()
    handling = fields.Text(string="What Was Done", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Assignee", index="btree_not_null", domain="[('share', '=', False)]", tracking=True)
    role_id = fields.Many2one("res.groups", string="Responsible Role", index="btree_not_null")
    date_deadline = fields.Date(string="Due", index="btree_not_null", tracking=True)
    is_overdue = fields.Boolean(string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    handled_at = fields.Datetime(readonly=True, copy=False)
    handled_by = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by = fields.Many2one("res.users", readonly=True, copy=False)
    muted = fields.Boolean(readonly=True, copy=False, help="Dismissed: its rule stays silent while the risk lasts.")
    dedup_key = fields.Char(readonly=True, copy=False)

    _record_idx = models.Index("(res_model, res_id)")
    _dedup_open_idx = models.UniqueIndex(
        "(dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('new', 'assigned', 'handled')",
        "There is an open alert for this matter already.")

    @api.depends("date_deadline", "state")
    def _compute_is_overdue(self):
        today = clock.today()
        for alert in self:
            alert.is_overdue = bool(
                alert.date_deadline and alert.date_deadline < today and alert.state in ("new", "assigned"))

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("date_deadline", "<", clock.today()), ("state", "in", ("new", "assigned"))]

    # ------------------------------------------------------------------
    # Raising
    # ------------------------------------------------------------------
    @api.model
    def _raise(self, rows, watched=False):
        """Raise alerts, one per key unless an open alert has it already.

        Superuser: alerts are raised by engines, on behalf of nobody.

        :param rows: dicts of alert values plus ``key`` (deduplication) and ``record`` (what it is about, or None)
        :param bool watched: a watch looks every night: what was dismissed stays silent until :meth:`_resolve` says that
            the risk was gone
        :return: the open alerts of these keys, new and old
        """
        alerts = self.sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        keys = [row["key"] for row in rows]
        found = alerts.search([("dedup_key", "in", keys), ("state", "in", OPEN_STATES)])
        seen = set(found.mapped("dedup_key"))
        if watched:
            seen |= set(alerts.search([("dedup_key", "in", keys), ("muted", "=", True)]).mapped("dedup_key"))
        fresh = []
        for row in rows:
            if row["key"] not in seen:
                seen.add(row["key"])
                fresh.append(self._values(row))
        created = alerts.create(fresh)
        for alert in created.filtered("user_id"):
            alert.run_transition("assign")
        return (found + created).with_env(self.env)

    @api.model
    def _values(self, row):
        """Values of an alert from a row of :meth:`_raise`."""
        values = {name: value for name, value in row.items() if name not in ("key", "record")}
        record = row.get("record")
        values["dedup_key"] = row["key"]
        if record:
            values.update(res_model=record._name, res_id=record.id, res_name=record.sudo().display_name)
            values.setdefault("owner_name", self._owner_name(record.sudo()))
        return values

    @api.model
    def _owner_name(self, record):
        if hasattr(record, "_alert_owner_name"):
            return record._alert_owner_name()
        return record.owner_partner_id.name if "owner_partner_id" in record._fields else False

    @api.model
    def _resolve(self, keys, keep=None):
        """Close the open alerts of ``keys``: the risk is gone (superuser: the engine closes what it raised).

        :param str keep: level whose alerts stay as they are; the others make room for one of this level
        """
        alerts = self.sudo().search([
            ("dedup_key", "in", list(keys)), ("level", "!=", keep),
            "|", ("state", "in", OPEN_STATES), ("muted", "=", True)])
        for alert in alerts.filtered(lambda row: row.state in OPEN_STATES):
            alert.run_transition("resolve")
        alerts.filtered("muted").muted = False  # the next time is a risk of its own

    # ------------------------------------------------------------------
    # Handling
    # ------------------------------------------------------------------
    def _check_transition(self, transition):
        """An assignment names somebody; only the assignee or an analyst reports an alert as handled."""
        for alert in self:
            if transition.code in ("assign", "reassign") and not alert.user_id:
                raise UserError(self.env._("Assignee: choose who is to handle “%s”.", alert.name))
            if transition.code == "handle" and not alert._may_handle():
                raise UserError(self.env._("“%s” is assigned to somebody else.", alert.name))
        return super()._check_transition(transition)

    def _may_handle(self):
        user = self.env.user
        return self.env.su or self.user_id == user or user.has_group("ctsp_base.group_risk_analyst")

    def _after_assign(self, reason):
        """Tell the assignee."""
        for alert in self:
            alert.activity_schedule(
                "ctsp_risk.mail_activity_type_alert", alert.date_deadline, summary=alert.name, user_id=alert.user_id.id)

    def _after_reassign(self, reason):
        """Move the task to the new assignee."""
        self._drop_activities()
        self._after_assign(reason)

    def _after_handle(self, reason):
        """Keep what was done; the assignee's task is done (superuser: the assignee has no write access)."""
        self.sudo().write({"handling": reason})
        self._drop_activities()

    def _after_close(self, reason):
        """Nothing is left to do."""
        self._drop_activities()

    def _after_resolve(self, reason):
        """Nothing is left to do."""
        self._drop_activities()

    def _after_dismiss(self, reason):
        """The rule stays silent about this record while the risk lasts."""
        self.sudo().write({"muted": True})
        self._drop_activities()

    def _after_reopen(self, reason):
        """Back to the start, the assignee is chosen again."""
        self.sudo().write({"muted": False, "user_id": False})

    def _drop_activities(self):
        """Superuser: a task may belong to another user than the one who closes the alert."""
        self.sudo().activity_unlink(["ctsp_risk.mail_activity_type_alert"])

    def action_open_record(self):
        """Open what the alert is about, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record:
            raise UserError(self.env._("The record of this alert no longer exists."))
        return {
            "type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
            "views": [(False, "form")], "name": record.display_name,
        }

    def action_assign(self):
        """Open the dialog that assigns these alerts."""
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.risk.alert.assign", "views": [(False, "form")],
            "target": "new", "name": self.env._("Assign Alerts"), "context": {"default_alert_ids": self.ids},
        }
