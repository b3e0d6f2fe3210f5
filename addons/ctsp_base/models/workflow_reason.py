from odoo import api, fields, models
from odoo.exceptions import UserError


class WorkflowReason(models.TransientModel):
    """The dialog that asks why, one for all transitions of all models."""

    _name = "ctsp.workflow.reason"
    _description = "Reason of a Workflow Step"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    transition = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Step", compute="_compute_label")
    subject = fields.Char(string="For", compute="_compute_label")
    reason = fields.Text()

    @api.depends("res_model", "transition", "res_ids")
    def _compute_label(self):
        for wizard in self:
            records = wizard._records()
            wizard.label = records._label(records._transition(wizard.transition))
            names = records[:3].mapped("display_name")
            rest = self.env._(" and others (%s)", len(records)) if records[3:] else ""
            wizard.subject = self.env._(", ").join(names) + rest

    def _records(self):
        """Return the records of the step; models without a workflow are refused."""
        self.ensure_one()
        if self.res_model not in self.env["ctsp.workflow.rule"]._workflow_models():
            raise UserError(self.env._("Unknown model “%(model)s”.", model=self.res_model))
        return self.env[self.res_model].browse(self.res_ids or []).exists()

    @api.model
    def _for(self, records, transition):
        """Return a dialog for ``transition`` on ``records``, after the checks that need no reason."""
        records._check_right(transition)
        for record in records:
            record._check_source(transition)
        return self.create({"res_model": records._name, "res_ids": records.ids, "transition": transition.code})

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("ctsp_base.ctsp_workflow_reason_view_form").id, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Make the step with the reason given."""
        self._records().run_transition(self.transition, self.reason)
        return {"type": "ir.actions.act_window_close"}
