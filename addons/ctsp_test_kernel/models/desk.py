"""Models on which the tests of the kernel part `desk` run: a request with lines and files, as a filing has them."""

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)
OUTSIDE = ("ctsp_base.group_institution_user",)
OFFICER = ("ctsp_base.group_filing_officer",)


class TestRequest(models.Model):
    """A request that an outside organisation drafts and submits."""

    _name = "ctsp.test.request"
    _inherit = ["mail.thread", "ctsp.workflow.mixin", "ctsp.owned.mixin"]
    _description = "Test Request"
    _order = "id desc"
    _workflow = Workflow("draft", (
        Transition("submit", ("draft", "returned"), "submitted", _lt("Submit"), OUTSIDE),
        Transition("withdraw", ("submitted",), "draft", _lt("Withdraw"), OUTSIDE, needs_reason=True, access="read"),
        Transition("return", ("submitted",), "returned", _lt("Return"), OFFICER, needs_reason=True),
        Transition("approve", ("submitted",), "done", _lt("Approve"), OFFICER),
    ))
    _desk_fields = ("name", "note", "due_date", "line_ids", "file_ids", "topic_ids", "previous_id")
    _desk_states = ("draft", "returned")
    _desk_hidden = ("internal_note",)

    name = fields.Char(required=True)
    note = fields.Text(tracking=True)
    due_date = fields.Date()
    score = fields.Integer(help="Kept by the regulator, shown to the outside")
    internal_note = fields.Text()
    state = fields.Selection(
        [("draft", "Draft"), ("returned", "Returned"), ("submitted", "Submitted"), ("done", "Done")],
        default="draft", required=True, index=True,
    )
    previous_id = fields.Many2one("ctsp.test.request")
    topic_ids = fields.Many2many("ctsp.test.topic")
    line_ids = fields.One2many("ctsp.test.request.line", "request_id")
    file_ids = fields.One2many("ctsp.test.request.file", "request_id")


class TestRequestLine(models.Model):
    """A line of a request."""

    _name = "ctsp.test.request.line"
    _inherit = ["ctsp.owned.mixin"]
    _description = "Test Request Line"
    _order = "request_id, id"
    _desk_parent = "request_id"
    _desk_fields = ("name", "quantity")

    request_id = fields.Many2one("ctsp.test.request", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True)
    quantity = fields.Integer()
    verdict = fields.Char(help="Kept by the regulator")


class TestRequestFile(models.Model):
    """A file of a request."""

    _name = "ctsp.test.request.file"
    _inherit = ["ctsp.file.mixin"]
    _description = "Test Request File"
    _desk_parent = "request_id"

    request_id = fields.Many2one("ctsp.test.request", required=True, index=True, ondelete="cascade")


class TestTopic(models.Model):
    """A dictionary that outside users may read."""

    _name = "ctsp.test.topic"
    _description = "Test Topic"

    name = fields.Char(required=True)


class TestReport(models.Model):
    """A record whose owner is found along a path."""

    _name = "ctsp.test.desk.report"
    _inherit = ["ctsp.owned.mixin"]
    _description = "Test Report with a Path to its Owner"
    _owner_path = "partner_id"
    _desk_fields = ("name",)
    _desk_states = "any"

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", index=True)


class Desk(models.AbstractModel):
    """The first page of the desk: the test request's cards and due dates."""

    _inherit = "ctsp.desk"

    @api.model
    def _cards(self):
        action = "ctsp_test_kernel.test_request_action_desk"
        return [
            *super()._cards(),
            self._card(action, self.env._("Drafts"), [("state", "=", "draft")], icon="fa-pencil",
                       context={"search_default_draft": 1}),
            self._card(action, self.env._("Returned"), [("state", "=", "returned")], tone="warning",
                       icon="fa-undo", context={"search_default_returned": 1}),
        ]

    @api.model
    def _deadlines(self):
        waiting = self.env["ctsp.test.request"].search(
            [("state", "in", ("draft", "returned")), ("due_date", "!=", False)], order="due_date", limit=10,
        )
        action = "ctsp_test_kernel.test_request_action_desk"
        return [*super()._deadlines(), *(self._deadline(action, it, it.due_date, it.name) for it in waiting)]
