from odoo import api, fields, models


class WorkflowLog(models.Model):
    """The course of a record: each change of state with who, when and why. Append-only."""

    _name = "ctsp.workflow.log"
    _inherit = ["ctsp.trace.mixin"]
    _description = "Workflow Log"
    _rec_name = "transition_label"

    transition = fields.Char(readonly=True, help="Code of the step; empty when history was loaded.")
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(required=True, readonly=True)
    reason = fields.Text(readonly=True)
    transition_label = fields.Char(string="Step", compute="_compute_labels")
    from_label = fields.Char(string="From", compute="_compute_labels")
    to_label = fields.Char(string="To", compute="_compute_labels")

    _record_idx = models.Index("(res_model, res_id, id)")

    @api.depends("res_model", "transition", "from_state", "to_state")
    @api.depends_context("lang")
    def _compute_labels(self):
        for log in self:
            model = self.env.get(log.res_model)
            if model is None or not hasattr(model, "_workflow"):
                log.update({"transition_label": log.transition, "from_label": log.from_state, "to_label": log.to_state})
                continue
            step = model._workflow.get(log.transition)
            log.transition_label = model._label(step) if step else log.transition or self.env._("History loaded")
            log.from_label = model._state_label(log.from_state)
            log.to_label = model._state_label(log.to_state)

    @api.model
    def _traced_models(self):
        return self.env["ctsp.workflow.rule"]._workflow_models()
