"""A model on which signatures of people under steps are tested."""
from odoo import fields, models

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow


class TestAct(models.Model):
    """Something that is decided: the step draws a number, notes when, and makes a digest that is new each time."""

    _name = "ctsp.test.act"
    _inherit = ["ctsp.workflow.mixin"]
    _description = "Test Act"
    _integrity_fields = {1: ("name", "number", "state", "decided_at", "digest", "note")}
    _integrity_signed = {"state": ("decided",)}
    _integrity_made = ("digest",)
    _workflow = Workflow("draft", (
        Transition("decide", ("draft",), "decided", "Decide", stamp="decided"),
        Transition("open", ("decided",), "draft", "Open Again"),
    ))

    name = fields.Char(required=True)
    number = fields.Char()
    note = fields.Text()
    digest = fields.Char()
    decided_at = fields.Datetime()
    state = fields.Selection([("draft", "Draft"), ("decided", "Decided")], default="draft", required=True)

    def _before_decide(self, reason):
        self.write({"number": f"N{self.id}", "digest": fields.Datetime.now().isoformat() + str(id(object()))})

    def _after_decide(self, reason):
        """Nothing; for tests of what a step does besides."""
