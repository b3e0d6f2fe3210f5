import base64
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.digest import sm3

ILLEGIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


class CryptoPdf(models.TransientModel):
    """A PDF and what its signatures say: for whoever holds a paper and asks whether it is genuine."""

    _name = "ctsp.crypto.pdf"
    _description = "Signatures of a PDF"

    file_name = fields.Char()
    data = fields.Binary("PDF", attachment=False)
    state = fields.Selection(
        [("new", "New"), ("good", "All Signatures Hold"), ("open", "Not All Could Be Checked"), ("bad", "Not Genuine"),
         ("none", "Not Signed")],
        default="new", required=True, readonly=True)
    digest = fields.Char("SM3 Digest", readonly=True)
    line_ids = fields.One2many("ctsp.crypto.pdf.line", "check_id", readonly=True)

    @api.depends("file_name")
    def _compute_display_name(self):
        for check in self:
            check.display_name = check.file_name or self.env._("Verify a PDF")

    def action_verify(self):
        self.ensure_one()
        if not self.data:
            raise UserError(self.env._("PDF: choose a file first."))
        self._verify()
        return self._open()

    def _verify(self):
        data = base64.b64decode(self.with_context(bin_size=False).data)
        found = self.env["ctsp.signer"]._verify_pdf(data)
        if found is None:
            raise UserError(self.env._("“%(file)s” is no PDF that can be read.", file=self.file_name or "PDF"))
        self.line_ids.unlink()
        self.write({
            "digest": sm3(data), "line_ids": [fields.Command.create(_legible(row)) for row in found],
            "state": self._outcome(found)})

    @api.model
    def _outcome(self, found):
        if not found:
            return "none"
        if not all(row["good"] for row in found):
            return "bad"
        return "open" if any(row["unproved"] for row in found) else "good"

    def _open(self):
        return {"type": "ir.actions.act_window", "name": self.env._("Signatures"), "res_model": self._name,
                "res_id": self.id, "views": [(False, "form")], "target": "new",
                "context": {"dialog_size": "extra-large"}}


class CryptoPdfLine(models.TransientModel):
    """One signature of a PDF."""

    _name = "ctsp.crypto.pdf.line"
    _description = "Signature of a PDF"

    check_id = fields.Many2one("ctsp.crypto.pdf", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("person", "Own Certificate"), ("seal", "System Seal")], "Kind of Signature", default="seal", readonly=True)
    signer = fields.Char("Signed By", readonly=True)
    issuer = fields.Char("Certificate Issued By", readonly=True)
    serial = fields.Char("Serial Number", readonly=True)
    reason = fields.Char("What For", readonly=True)
    date = fields.Datetime("Time Stated", readonly=True)
    stamp = fields.Char("Attested By", readonly=True)
    unproved = fields.Char("What Could Not Be Checked", readonly=True)
    whole = fields.Boolean("Covers the Whole File", readonly=True)
    good = fields.Boolean("Holds", readonly=True)
    problem = fields.Char("What Is Wrong", readonly=True)
    then = fields.Char("Certificate When It Signed", readonly=True)
    now = fields.Char("Certificate Now", readonly=True)
    development = fields.Boolean("Development Certificate", readonly=True)


def _legible(row):
    """Return what a signature says without what no text may hold: whoever made the file wrote it."""
    return {name: ILLEGIBLE.sub("�", value) if isinstance(value, str) else value for name, value in row.items()}
