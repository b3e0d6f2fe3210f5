"""Models on which the tests of the kernel part `desk` run: a request with lines and files, as a filing has them."""

from odoo import fields, models


class TestRequest(models.Model):
    """A request that an outside organisation drafts and submits."""

    _name = "ctsp.test.request"
    _inherit = ["ctsp.owned.mixin"]
    _description = "Test Request"
    _desk_fields = ("name", "note", "due_date", "line_ids", "file_ids", "topic_ids", "previous_id")
    _desk_states = ("draft", "returned")
    _desk_hidden = ("internal_note",)

    name = fields.Char(required=True)
    note = fields.Text()
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

    def action_submit(self):
        self.check_access("write")
        self.sudo().state = "submitted"  # the right to submit was checked; nobody may write the field itself

    def action_return(self):
        self.check_access("write")
        self.state = "returned"


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
