from odoo import fields, models
from odoo.exceptions import UserError


class Papered(models.Model):
    """A record with papers. Its user reads and writes it, a reviewer reads it."""

    _name = "ctsp.test.papered"
    _description = "Test Record with Papers"
    _inherit = ["ctsp.document.mixin"]

    name = fields.Char(required=True)
    text = fields.Text()
    user_id = fields.Many2one("res.users", default=lambda self: self.env.uid)
    partner_id = fields.Many2one("res.partner")
    is_ready = fields.Boolean(default=True)

    def _document_fields(self, code):
        return {
            "name": (self.env._("Name"), "示例第一医院（示例）"),
            "text": (self.env._("Text"), "示例内容"),
            "lines": (self.env._("Lines"), [{
                "no": (self.env._("No."), 1), "content": (self.env._("Content"), "条款")}]),
        }

    def _document_values(self, code):
        lines = [{"no": at + 1, "content": line} for at, line in enumerate((self.text or "").splitlines())]
        return {"name": self.name, "text": self.text or "", "lines": lines}

    def _document_signers(self, code):
        return [{"role": "inspector", "name": self.user_id.name, "user_id": self.user_id.id},
                {"role": "inspectee", "name": ""}]

    def _document_check(self, code):
        if not self.is_ready:
            raise UserError(self.env._("The record is not ready."))

    def _document_owner(self):
        return self.partner_id
