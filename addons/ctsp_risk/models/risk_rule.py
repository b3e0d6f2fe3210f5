import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_base.tools.model_names import named

from .risk_alert import LEVELS, OPEN_STATES

_logger = logging.getLogger(__name__)

MAX_ALERTS_PER_RUN = 500


class RiskRule(models.Model):
    """A rule that raises an alert for each record that matches a condition or fails a check.

    Never stored code: a domain, or a ``ctsp.check`` with an optional domain that narrows its scope. An alert is raised
    once per rule and record; it closes by itself when the record no longer matches. A dismissed alert keeps the rule
    silent for its record until the condition has been absent once.
    """

    _name = "ctsp.risk.rule"
    _description = "Risk Rule"
    _order = "sequence, id"
    _integrity_fields = {1: (
        "kind", "target", "active", "domain", "check_id", "level", "role_id", "user_id", "due_days", "auto_close")}

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection([("domain", "Condition"), ("check", "Check")], required=True, default="domain")
    target = fields.Selection("_selection_target", string="Applies to", required=True)
    target_model = fields.Char(compute="_compute_target_model")
    domain = fields.Char(
        string="Condition", default="[]",
        help="Dates may be relative, for example “today -60d”. With a check it narrows the records checked.")
    check_id = fields.Many2one("ctsp.check", domain="[('target', '=', target)]", ondelete="cascade")
    level = fields.Selection(LEVELS, required=True, default="warning")
    basis_document = fields.Char(string="Basis: Document", translate=True)
    basis_article = fields.Char(string="Basis: Article", translate=True)
    advice = fields.Text(string="How to Handle", translate=True)
    role_id = fields.Many2one(
        "res.groups", string="Responsible Role", domain="[('privilege_id.category_id', '=', role_category_id)]",
        help="Members of this role see the alerts.")
    role_category_id = fields.Many2one("ir.module.category", compute="_compute_role_category_id")
    user_id = fields.Many2one("res.users", string="Assign to", domain="[('share', '=', False)]")
    due_days = fields.Integer(string="Handle within (working days)", default=10)
    auto_close = fields.Boolean(string="Close when resolved", default=True)
    last_run = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    alert_ids = fields.One2many("ctsp.risk.alert", "rule_id")
    open_alert_count = fields.Integer(string="Open Alerts", compute="_compute_open_alert_count")

    _due_positive = models.Constraint("CHECK(due_days >= 0)", "The time to handle cannot be negative.")

    @api.model
    def _selection_target(self):
        return named(self.env, (
            name for name, cls in self.env.registry.items()
            if name.startswith("ctsp.") and cls._auto and not cls._abstract and not cls._transient))

    @api.depends("target")
    def _compute_target_model(self):
        for rule in self:
            rule.target_model = rule.target or False

    def _compute_role_category_id(self):
        self.role_category_id = self.env.ref("ctsp_base.module_category")

    def _compute_open_alert_count(self):
        counts = dict(self.env["ctsp.risk.alert"]._read_group(
            [("rule_id", "in", self.ids), ("state", "in", OPEN_STATES)], ["rule_id"], ["__count"]))
        for rule in self:
            rule.open_alert_count = counts.get(rule, 0)

    @api.constrains("kind", "target", "domain", "check_id")
    def _check_condition(self):
        for rule in self:
            if rule.kind == "check":
                if rule.check_id.target != rule.target:
                    raise ValidationError(self.env._("Check: choose a check for the same kind of record."))
                if rule.domain in (False, "[]"):
                    continue
            self.env["ctsp.check"]._validate_domain(rule.target, rule.domain)

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------
    def action_run(self):
        """Run these rules now. Needs write access to the rules."""
        self.check_access("write")
        for rule in self:
            rule._run()
        return True

    def action_open_alerts(self):
        """Open this rule's alerts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_risk.ctsp_risk_alert_action")
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_run(self):
        """Run every active rule; one rule's error neither stops nor undoes the others."""
        rules = self.search([])
        for done, rule in enumerate(rules, 1):
            rule._run()
            if self.env.context.get("ir_cron_progress_id"):
                self.env["ir.cron"]._commit_progress(1, remaining=len(rules) - done)

    def _run(self):
        """Raise and close this rule's alerts. Errors in the rule's condition are kept on the rule."""
        self.ensure_one()
        rule = in_record_language(self.sudo())  # alerts are raised on all records, whoever runs the rule
        error = False
        try:
            with self.env.cr.savepoint():
                rule._sync_alerts(rule._matching())
        except (UserError, ValueError, KeyError, TypeError) as exception:
            error = str(exception)
            _logger.info("Risk rule %s failed: %s", rule.id, error)
        rule.write({"last_run": fields.Datetime.now(), "last_error": error})

    def _matching(self):
        """Records that are at risk by this rule."""
        records = self.env[self.target]
        check = self.env["ctsp.check"]
        if self.kind == "domain":
            return records.search(check._validate_domain(self.target, self.domain))
        scope = Domain.TRUE
        if self.domain and self.domain != "[]":
            scope = check._validate_domain(self.target, self.domain)
        found = self.check_id._findings(records.search(scope))
        return records.union(*(finding.record for finding in found))

    def _sync_alerts(self, matching):
        """Open alerts of this rule := ``matching`` (less the muted ones)."""
        alerts = self.env["ctsp.risk.alert"]
        matched = set(matching.ids)
        known = alerts.search([
            ("rule_id", "=", self.id), "|", ("state", "in", OPEN_STATES), ("muted", "=", True)])
        gone = known.filtered(lambda alert: alert.res_id not in matched)
        gone.filtered("muted").muted = False
        if self.auto_close:
            for alert in gone.filtered(lambda alert: alert.state in OPEN_STATES):
                alert.run_transition("resolve")
        new = matching.browse(sorted(matched - set(known.mapped("res_id"))))[:MAX_ALERTS_PER_RUN]
        alerts._raise([self._alert_values(record) for record in new])

    def _alert_values(self, record):
        return {
            "record": record,
            "key": f"rule:{self.id}:{record._name}:{record.id}",
            "name": self.name,
            "source": "rule" if self.kind == "domain" else "check",
            "rule_id": self.id,
            "level": self.level,
            "role_id": self.role_id.id,
            "user_id": self.user_id.id,
            "date_deadline": self._deadline(),
            "detail": self.advice,
        }

    def _deadline(self):
        """Day by which an alert raised today is to be handled."""
        return self.env["ctsp.workday"]._add(clock.today(), self.due_days)
