import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock, digest

MAX_IMAGE = 300_000


class DocumentSignature(models.Model):
    """What one party did with a paper: signed on screen, refused before a witness, objected. Evidence once given."""

    _name = "ctsp.document.signature"
    _description = "Signature"
    _inherit = ["ctsp.document.part.mixin", "ctsp.integrity.mixin"]
    _order = "sequence, id"
    _rec_name = "name"
    _integrity_fields = {1: (
        "document_id", "role", "name", "state", "image_digest", "content_digest", "signed_at", "reason", "witness",
        "objection")}
    _integrity_files = {"image": "image_digest"}

    document_id = fields.Many2one("ctsp.document", required=True, readonly=True, index=True, ondelete="cascade")
    sequence = fields.Integer(readonly=True)
    role = fields.Char(required=True, readonly=True)
    label = fields.Char("Party", required=True, readonly=True)
    name = fields.Char("Name of the Signer", readonly=True)
    user_id = fields.Many2one("res.users", "Account", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("signed", "Signed"), ("refused", "Refused")], default="waiting", required=True,
        readonly=True)
    image = fields.Binary("Drawn Signature", attachment=True, readonly=True)
    image_digest = fields.Char("SM3 of the Signature", readonly=True)
    content_digest = fields.Char(
        "SM3 of What Was Signed", readonly=True, help="SM3 of the content that lay before the signer.")
    signed_at = fields.Datetime(readonly=True)
    recorded_by = fields.Many2one("res.users", "Taken By", readonly=True)
    reason = fields.Char("Reason for Refusal", readonly=True)
    witness = fields.Char(readonly=True)
    objection = fields.Text(readonly=True)

    def _take(self, vals):
        """Store what the party did; the caller has checked the right.

        :param vals: ``name`` and ``image`` (base64 PNG), or ``refused`` with ``reason`` and ``witness``; ``objection``
        :raise UserError: something is missing or was done already
        """
        self.ensure_one()
        if self.document_id.state != "draft":
            raise UserError(self.env._("A final document is evidence and cannot be changed."))
        if self.state != "waiting":
            raise UserError(self.env._("“%(party)s” has signed already.", party=self.label))
        name = (vals.get("name") or "").strip()
        if not name:
            raise UserError(self.env._("Name of the Signer: please fill it in."))
        facts = self._refusal(vals) if vals.get("refused") else self._drawn(vals.get("image"))
        # superuser: signatures are evidence that nobody may write
        self.sudo().write({
            **facts, "name": name, "objection": (vals.get("objection") or "").strip() or False,
            "signed_at": fields.Datetime.now(), "recorded_by": self.env.uid,
            "content_digest": self.document_id._content_digest(),
        })

    def _refusal(self, vals):
        reason, witness = (vals.get("reason") or "").strip(), (vals.get("witness") or "").strip()
        if not reason or not witness:
            raise UserError(self.env._("A refusal needs its reason and the name of a witness."))
        return {"state": "refused", "reason": reason, "witness": witness}

    def _drawn(self, image):
        content = base64.b64decode(image or b"")
        if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) > MAX_IMAGE:
            raise UserError(self.env._("Please sign in the box first."))
        return {"state": "signed", "image": image, "image_digest": digest.sm3(content)}

    @api.model
    def _for_paper(self, signatures):
        """Return the rows as the blocks of a template want them."""
        return [{
            "role": row.role, "label": row.label, "name": row.name or "",
            "image": f"signature/{row.id}" if row.state == "signed" else "",
            "date": clock.local_date(row.signed_at).isoformat() if row.signed_at else "",
            "refused": row.state == "refused", "reason": row.reason or "", "witness": row.witness or "",
            "objection": row.objection or "",
        } for row in signatures]
