from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.model_names import named


class Override(NamedTuple):
    """What an administrator changed about one transition."""

    enabled: bool
    group_ids: frozenset


class WorkflowRule(models.Model):
    """One row per declared transition, in which an administrator may switch it off or give it to other groups.

    Rows can never add a transition: their key is chosen from what the code declares.
    """

    _name = "ctsp.workflow.rule"
    _inherit = ["mail.thread", "ctsp.cached.mixin"]
    _description = "Workflow Rule"
    _order = "model, sequence, id"
    _rec_name = "key"

    key = fields.Selection(selection="_selection_key", string="Step", required=True, readonly=True)
    model = fields.Selection(
        selection="_selection_model", string="Document", compute="_compute_code", store=True, index=True
    )
    code = fields.Char(compute="_compute_code", store=True)
    sequence = fields.Integer(readonly=True)
    enabled = fields.Boolean(default=True, tracking=True, help="A step that is switched off is closed to everybody.")
    group_ids = fields.Many2many(
        "res.groups", string="Only These Roles", tracking=True, help="Empty: the roles the step was made for."
    )
    source_label = fields.Char(string="From", compute="_compute_words")
    target_label = fields.Char(string="To", compute="_compute_words")
    shipped_groups = fields.Char(string="Made For", compute="_compute_words")

    _key_unique = models.Constraint("UNIQUE(key)", "Each step has one row.")

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_display_name(self):
        steps = dict(self._selection_key())
        for rule in self:
            rule.display_name = steps.get(rule.key) or rule.key

    @api.constrains("key")
    def _check_key(self):
        declared = dict(self._selection_key())
        for rule in self:
            if rule.key not in declared:
                raise ValidationError(self.env._("“%(key)s” is no step that a document declares.", key=rule.key))

    @api.model
    def _workflow_models(self):
        """Return the names of the models that declare a workflow."""
        return sorted(
            name for name, model in self.env.registry.items()
            if getattr(model, "_workflow", None) and not model._abstract
        )

    @api.model
    def _selection_model(self):
        return named(self.env, self._workflow_models())

    @api.model
    def _selection_key(self):
        return [
            (f"{name},{step.code}", f"{label} – {self.env[name]._label(step)}")
            for name, label in self._selection_model() for step in self.env[name]._workflow.transitions
        ]

    @api.depends("key")
    def _compute_code(self):
        for rule in self:
            model, _comma, rule.code = (rule.key or "").partition(",")
            rule.model = model or False

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_words(self):
        comma = self.env._(", ")
        for rule in self:
            model = self.env.get(rule.model)
            step = model._workflow.get(rule.code) if model is not None else None
            rule.source_label = comma.join(map(model._state_label, step.sources)) if step else ""
            rule.target_label = model._state_label(step.target) if step else ""
            groups = [self.env.ref(group, raise_if_not_found=False) for group in step.groups] if step else []
            # sudo: names of roles only; administrators do not read res.groups in general
            rule.shipped_groups = comma.join(group.sudo().name for group in groups if group)

    @api.model
    @tools.ormcache("model")
    def _overrides(self, model):
        """Return ``{code: Override}`` of the transitions of ``model`` that were changed by a row."""
        rules = self.sudo().search([("model", "=", model)])  # sudo: every user is bound by the rows, few may read them
        return {
            rule.code: Override(rule.enabled, frozenset(rule.group_ids.ids))
            for rule in rules if not rule.enabled or rule.group_ids
        }

    @api.model
    def _open_screen(self):
        """Add the rows of transitions that are new since the last visit, then open the list."""
        known = set(self.search([]).mapped("key"))
        self.create([
            {"key": key, "sequence": sequence}
            for sequence, (key, _label) in enumerate(self._selection_key()) if key not in known
        ])
        return self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.ctsp_workflow_rule_action")

    @api.model_create_multi
    def create(self, vals_list):
        return super(WorkflowRule, self.with_context(mail_create_nolog=True)).create(vals_list)
