"""Models on which the tests of the kernel's core run: workflow, tags, integrity."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.ctsp_base.tools import validators
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)
OFFICER = ("ctsp_base.group_filing_officer",)
REVIEWER = ("ctsp_base.group_reviewer",)


class TestDocument(models.Model):
    """A document that is submitted, returned or approved; the reviewer may read it only."""

    _name = "ctsp.test.document"
    _inherit = ["ctsp.workflow.mixin", "ctsp.tag.mixin"]
    _description = "Test Document"

    _workflow = Workflow("draft", (
        Transition("submit", ("draft", "returned"), "submitted", _lt("Submit"), OFFICER, stamp="submitted"),
        Transition("return", ("submitted",), "returned", _lt("Return"), REVIEWER, needs_reason=True, access="read"),
        Transition("approve", ("submitted",), "approved", _lt("Approve"), REVIEWER, access="read"),
        Transition("expire", ("approved",), "expired", _lt("Expire"), automatic=True),
    ))

    name = fields.Char(required=True)
    secret = fields.Boolean()
    trail = fields.Char(help="Hooks leave their traces here.")
    submitted_at = fields.Datetime(readonly=True)
    submitted_by = fields.Many2one("res.users", readonly=True)
    state = fields.Selection([
        ("draft", "Draft"), ("submitted", "Submitted"), ("returned", "Returned"),
        ("approved", "Approved"), ("expired", "Expired"),
    ], required=True, default="draft")

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "submit" and self.name == "incomplete":
            raise ValidationError(self.env._("Incomplete."))

    def _before_submit(self, reason):
        self.trail = f"before {self.state}"

    def _after_submit(self, reason):
        self.trail = f"{self.trail}, after {self.state}"

    def _outbox_emit(self, event, payload=None):
        self.env.cr.precommit.data.setdefault("ctsp_test_events", []).append((event, payload))
        return super()._outbox_emit(event, payload)


class TestDocumentRow(models.Model):
    """A row of a document: fixed once the document is submitted."""

    _name = "ctsp.test.document.row"
    _inherit = ["ctsp.fixed.mixin"]
    _description = "Test Document Row"
    _fixed_by = "document_id"
    _fixed_fields = ("document_id", "name")
    _fixed_for_superuser = True

    document_id = fields.Many2one("ctsp.test.document", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True)
    remark = fields.Char(help="No content: open for good.")
    level_id = fields.Many2one("ctsp.dictionary.item", domain="[('dictionary_code', '=', 'institution_level')]")

    @api.model
    def _check_whole(self, whole):
        if any(document.state != "draft" for document in whole):
            raise UserError(self.env._("The document is fixed."))


class TestCoded(models.Model):
    """A record whose codes are checked and kept in their normal form."""

    _name = "ctsp.test.coded"
    _inherit = ["ctsp.integrity.mixin"]
    _description = "Test Coded"

    _integrity_fields = {1: ("uscc",), 2: ("uscc", "day", "amount", "document_ids", "file")}

    uscc = fields.Char(string="Credit Code")
    mobile = fields.Char()
    day = fields.Date()
    amount = fields.Float()
    document_ids = fields.Many2many("ctsp.test.document")
    file = fields.Binary()

    @api.constrains("uscc", "mobile")
    def _check_codes(self):
        validators.constrain(self, "uscc", validators.uscc)
        validators.constrain(self, "mobile", validators.phone)
