from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class DocumentMixin(models.AbstractModel):
    """A record that has official papers; see docs/inspection.md. The hooks say what each type of paper shows."""

    _name = "ctsp.document.mixin"
    _description = "Record with Documents"

    document_ids = fields.One2many(
        "ctsp.document", "res_id", "Documents", domain=lambda self: [("res_model", "=", self._name)], readonly=True,
        copy=False)
    document_count = fields.Integer(compute="_compute_document_count")

    def _compute_document_count(self):
        counts = dict(self.env["ctsp.document"]._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "!=", "void")], ["res_id"],
            ["__count"]))
        for record in self:
            record.document_count = counts.get(record.id, 0)

    # ---- hooks ----------------------------------------------------------------------------------------------------

    @api.model
    def _document_fields(self, code):
        """Return ``{name: (label, sample)}``: what a template of this type may use. A list holds one row."""
        return {}

    def _document_values(self, code):
        """Return the values: plain dict of text, numbers, dates as ISO text, lists of dicts."""
        raise NotImplementedError

    def _document_signers(self, code):
        """Return who signs: ``[{"role", "name", "user_id"}]``; the titles of the roles stand on the type."""
        return []

    def _document_check(self, code):
        """Raise ``UserError`` with what is missing before the paper can be final."""

    def _document_ready(self, code):
        """Return why the paper cannot be made yet, "" when it can. Shown on the board."""
        return ""

    def _document_may(self, code, act):
        """Say whether the user may ``act``: make, write, sign, finalise, void, release. By default who may write."""
        return self.has_access("write")

    def _document_image(self, key):
        """Return the bytes of the image ``key`` of the values, with the rights of the user; empty when unknown."""
        return b""

    def _document_owner(self):
        """Return the outside organisation (partner) that reads released papers."""
        return self.env["res.partner"]

    def _document_name(self):
        """Return what the register shows as the subject of the paper."""
        return self.display_name

    # ---- making ---------------------------------------------------------------------------------------------------

    def _document_make(self, code):
        """Return a new draft of type ``code`` about this record.

        :raise AccessError: the record does not let the user; :raise UserError: not ready, or there is one already
        """
        self.ensure_one()
        kind = self._document_type(code)
        self.check_access("read")
        if not (self.env.su or self._document_may(code, "make")):
            raise AccessError(self.env._("“%(type)s” is not yours to make here.", type=kind.name))
        if why := self._document_ready(code):
            raise UserError(self.env._("“%(type)s” cannot be made yet: %(reason)s", type=kind.name, reason=why))
        documents = self.env["ctsp.document"].sudo()  # superuser: papers are made here only, after the checks above
        about = [("res_model", "=", self._name), ("res_id", "=", self.id), ("type_id", "=", kind.id)]
        if kind.is_single and documents.search_count([*about, ("state", "!=", "void")], limit=1):
            raise UserError(self.env._("There is a “%(type)s” already; void it first.", type=kind.name))
        document = documents.create({
            "name": kind.name, "type_id": kind.id, "res_model": self._name, "res_id": self.id,
            "record_name": self._document_name(), "owner_partner_id": self._document_owner().id,
            "user_id": self.env.uid, "input_ids": [Command.create(vals) for vals in self._document_inputs(kind)],
        })
        document._make_signers()
        return document.with_env(self.env)

    def _document_type(self, code):
        kind = self.env["ctsp.document.type"]._by_code(code)
        if kind.res_model != self._name:
            raise UserError(self.env._("There is no document type “%(code)s” here.", code=code))
        return kind

    def _document_inputs(self, kind):
        """Return the values of the rows for the texts to fill in."""
        return [{"code": row.code, "label": row.name, "sequence": row.sequence, "required": row.required,
                 "value": self._document_initial(kind.code, row.code) or row.initial} for row in kind.input_ids]

    def _document_initial(self, code, name):
        """Return the text an input begins with; the type's own when empty."""
        return ""

    @api.ondelete(at_uninstall=False)
    def _unlink_document_drafts(self):
        # superuser: papers the user may not read keep the record as well
        papers = self.env["ctsp.document"].sudo().search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        if any(paper.state != "draft" or paper.is_locked for paper in papers):
            raise UserError(self.env._("There are signed or final documents about this record; it cannot be deleted."))
        papers.unlink()
