from odoo import models


class WorkflowMixin(models.AbstractModel):
    """Workflow. See docs/kernel.md."""

    _name = "ctsp.workflow.mixin"
    _description = "Workflow Mixin"
