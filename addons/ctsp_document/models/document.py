from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

FROZEN = frozenset({
    "type_id", "template_id", "number", "res_model", "res_id", "content", "furniture", "values", "data", "digest",
    "pages", "owner_partner_id", "replaces_id", "name", "paper_digest", "certified_by", "certificate", "certified_at"})
EVIDENCE = ("type_id", "template_id", "number", "res_model", "res_id", "state", "content", "digest", "released_at")
WRITTEN = frozenset({"input_ids"})
"""what a user writes in a draft; all else is the engine's"""


class Document(models.Model):
    """One official paper about one record.

    A draft shows the record as it is; the first signature fixes its content; finalising draws the number and stores
    the PDF with its SM3 digest. A final paper is never changed or made again: it is voided with a reason, and a new
    one replaces it. Who may read the record may read its papers; the institution reads those released to it.
    """

    _name = "ctsp.document"
    _description = "Document"
    _inherit = ["ctsp.workflow.mixin", "ctsp.owned.mixin", "ctsp.integrity.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "number", "record_name"]
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "paper_digest", "certified_by", "certificate")}
    _integrity_signed = {"state": ("final", "void")}
    _integrity_made = ("digest",)
    _integrity_files = {"data": "digest"}
    _desk_hidden = (
        "values", "content", "furniture", "input_ids", "signature_ids", "template_id", "res_id", "res_model",
        "replaces_id", "replaced_by_ids", "finalised_by", "voided_by", "integrity_state", "problem_text",
        "paper_digest")
    _workflow = Workflow("draft", (
        Transition("finalise", ("draft",), "final", _lt("Finalise"), access="read", stamp="finalised"),
        Transition("void", ("final",), "void", _lt("Void"), access="read", needs_reason=True, stamp="voided"),
    ))

    name = fields.Char(required=True, readonly=True, index="trigram")
    type_id = fields.Many2one(
        "ctsp.document.type", "Document Type", required=True, readonly=True, index=True, ondelete="restrict")
    code = fields.Char(related="type_id.code")
    template_id = fields.Many2one("ctsp.document.template", readonly=True, index="btree_not_null", ondelete="restrict")
    paper = fields.Selection(
        [("a4", "A4"), ("roll80", "Roll 80 mm"), ("roll58", "Roll 58 mm")], required=True, default="a4", readonly=True)
    number = fields.Char("Document Number", readonly=True, copy=False, index="trigram")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True, readonly=True)
    record_name = fields.Char("About", readonly=True, index="trigram")
    state = fields.Selection(
        [("draft", "Draft"), ("final", "Final"), ("void", "Void")], required=True, default="draft", readonly=True,
        index=True, copy=False, group_expand=True)
    input_ids = fields.One2many("ctsp.document.input", "document_id", "Texts to Fill In")
    signature_ids = fields.One2many("ctsp.document.signature", "document_id", "Signatures", readonly=True)
    sign_state = fields.Selection(
        [("none", "Not Needed"), ("waiting", "Waiting"), ("partly", "Partly Signed"), ("complete", "Complete")],
        "Signatures Collected", compute="_compute_sign_state", store=True, index=True)
    is_locked = fields.Boolean("Content Fixed", compute="_compute_sign_state", store=True)
    has_objection = fields.Boolean("Objection", compute="_compute_sign_state", store=True,
        help="A party refused to sign or objected.")
    values = fields.Json(readonly=True, copy=False)
    content = fields.Text("Content (HTML)", readonly=True, copy=False)
    furniture = fields.Json(readonly=True, copy=False)
    data = fields.Binary("PDF", attachment=True, readonly=True, copy=False)
    pages = fields.Integer(readonly=True, copy=False, aggregator="sum")
    digest = fields.Char("SM3 Digest", readonly=True, copy=False, help="SM3 of the stored PDF, 64 hex characters")
    paper_digest = fields.Char(
        "SM3 of the Paper as Set", readonly=True, copy=False,
        help="SM3 of the PDF before the seal: what the person who makes it final signs.")
    certified_by = fields.Char("Signed With Certificate By", readonly=True, copy=False, index="btree_not_null")
    certificate = fields.Char(
        "Digital Certificate", readonly=True, copy=False, help="Subject, serial number and issuer.")
    certified_at = fields.Datetime("Signed With Certificate At", readonly=True, copy=False)
    certified = fields.Selection(
        [("none", "Not Signed"), ("seal", "System Seal"), ("person", "Own Certificate")], "Electronic Signature",
        compute="_compute_certified")
    file_name = fields.Char(compute="_compute_file_name")
    finalised_at = fields.Datetime("Final Since", readonly=True, copy=False, index=True)
    finalised_by = fields.Many2one("res.users", readonly=True, copy=False)
    voided_at = fields.Datetime(readonly=True, copy=False)
    voided_by = fields.Many2one("res.users", readonly=True, copy=False)
    void_reason = fields.Char("Reason for Voiding", readonly=True, copy=False)
    released_at = fields.Datetime("Released", readonly=True, copy=False, help="Since then the institution may read it.")
    replaces_id = fields.Many2one("ctsp.document", "Replaces", readonly=True, copy=False, index="btree_not_null")
    replaced_by_ids = fields.One2many("ctsp.document", "replaces_id", "Replaced By")
    user_id = fields.Many2one("res.users", "Made By", readonly=True, index=True, default=lambda self: self.env.uid)

    _number_unique = models.Constraint("unique (type_id, number)", "This document number is taken.")
    _record_idx = models.Index("(res_model, res_id, type_id)")

    @api.depends("name", "number")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " ".join(filter(None, (document.number, document.name)))

    @api.depends("name", "number", "record_name")
    def _compute_file_name(self):
        """A name people can read: number, title, what it is about."""
        for document in self:
            parts = filter(None, (document.number, document.name, document.record_name))
            text = "_".join("".join(it for it in part if it not in '\\/:*?"<>|\n\r\t') for part in parts)
            document.file_name = f"{text.replace(' ', '')[:110]}.pdf"

    @api.depends("digest", "certified_by")
    def _compute_certified(self):
        for document in self:
            document.certified = "none" if not document.digest else "person" if document.certified_by else "seal"

    @api.depends("signature_ids.state", "signature_ids.objection")
    def _compute_sign_state(self):
        for document in self:
            rows = document.signature_ids
            done = rows.filtered(lambda row: row.state != "waiting")
            document.sign_state = (
                "none" if not rows else "complete" if done == rows else "partly" if done else "waiting")
            document.is_locked = bool(done)
            document.has_objection = any(row.objection or row.state == "refused" for row in done)

    # ---- who ------------------------------------------------------------------------------------------------------

    @api.model
    def _desk_domain(self, mode):
        """Outside users reach what was released to their organisation; nothing of it can be written."""
        released = Domain("released_at", "!=", False) & Domain("state", "in", ("final", "void"))
        return super()._desk_domain(mode) & released

    def _record(self):
        """Return the record the paper is about, in the user's environment; empty when it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _may(self, act):
        """Say whether the user may ``act`` (write, sign, finalise, void, release) on the paper: the record decides."""
        if self.env.su:
            return True
        record = self._record()
        return bool(record) and not self.env.user.share and record.has_access("read") \
            and record._document_may(self.type_id.code, act)

    def _check_may(self, act):
        for document in self:
            if not document._may(act):
                raise AccessError(self.env._(
                    "“%(document)s”: this step is not open to you.", document=document.display_name))

    def _check_open(self):
        """Raise unless the user may write the paper and its content is not fixed yet."""
        self._check_may("write")
        for document in self:
            if document.state != "draft" or document.is_locked:
                raise UserError(self.env._(
                    "“%(document)s” is signed or final; its content is fixed.", document=document.display_name))

    # ---- the fence ------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Documents are made from the record they are about."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - WRITTEN:
                raise AccessError(self.env._("Of a document only the texts to fill in can be changed."))
            self._check_open()
        if FROZEN & vals.keys() and any(document.state != "draft" for document in self):
            raise AccessError(self.env._("A final document is evidence and cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_with_right(self):
        self._check_may("write")
        if any(self.mapped("is_locked")):
            raise UserError(self.env._("A signed document cannot be deleted."))

    @api.model
    def _organisation(self):
        """Return the name of the authority that issues papers (parameter ``document.organisation``)."""
        # superuser: a name on every paper is no secret
        return self.env["ctsp.parameter"].sudo()._get("document.organisation")
