from odoo import api, fields, models
from odoo.exceptions import UserError


class DocumentSign(models.TransientModel):
    """The signature sheet of one party: the drawn signature, or the refusal with its witness, and an objection."""

    _name = "ctsp.document.sign"
    _description = "Sign a Document"

    signature_id = fields.Many2one(
        "ctsp.document.signature", "Signature Block", required=True, readonly=True, ondelete="cascade")
    document_id = fields.Many2one(related="signature_id.document_id")
    label = fields.Char(related="signature_id.label")
    name = fields.Char("Name of the Signer")
    mode = fields.Selection(
        [("sign", "Sign"), ("refuse", "Refuses to Sign")], "What Happens", default="sign", required=True)
    image = fields.Binary("Signature", attachment=False)
    reason = fields.Char("Reason for Refusal")
    witness = fields.Char()
    objects = fields.Boolean("Has an Objection")
    objection = fields.Text()
    remaining = fields.Integer("Still to Sign", compute="_compute_remaining")

    digest = fields.Char("Digest of What Is Signed", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets:
            sheet.digest = sheet.document_id._content_digest()
        return sheets

    @api.depends("signature_id")
    def _compute_remaining(self):
        for sheet in self:
            sheet.remaining = len(sheet.document_id.signature_ids.filtered(lambda row: row.state == "waiting")) - 1

    @api.model
    def _for(self, signature):
        """Return the action that opens the sheet for ``signature``."""
        sheet = self.create({"signature_id": signature.id, "name": signature.name})
        return {"type": "ir.actions.act_window", "name": self.env._("Signature: %(party)s", party=signature.label),
                "res_model": self._name, "res_id": sheet.id, "view_mode": "form", "views": [(False, "form")],
                "target": "new"}

    def action_confirm(self):
        """Store the signature, then offer the sheet of the next party."""
        self.ensure_one()
        document = self.document_id
        document._check_may("sign")
        if self.digest != document._content_digest():
            raise UserError(self.env._(
                "The content changed while it was being signed. Please read the paper again, then sign."))
        document._fix()
        self.signature_id._take({
            "name": self.name, "image": self.image, "refused": self.mode == "refuse", "reason": self.reason,
            "witness": self.witness, "objection": self.objection if self.objects else "",
        })
        waiting = document.signature_ids.filtered(lambda row: row.state == "waiting")
        # closing reads the paper behind the sheet anew, in place, before the sheet is gone
        return self._for(waiting[0]) if waiting and self.env.context.get("sign_next") else \
            {"type": "ir.actions.act_window_close"}
