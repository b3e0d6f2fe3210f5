"""Models on which encrypted fields are tested."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_crypto.fields import (
    EncryptedBinary,
    EncryptedChar,
    EncryptedDate,
    EncryptedJson,
    EncryptedText,
)


class TestSecret(models.Model):
    """Holds one encrypted field of each type, personal data among them."""

    _name = "ctsp.test.secret"
    _inherit = [
        "mail.thread", "ctsp.personal.mixin", "ctsp.encrypted.mixin", "ctsp.import.mixin", "ctsp.export.mixin"]
    _description = "Test Secret"
    _order = "name, id"
    _rec_names_search = ["name", "mobile"]
    _import_keys = ("name",)
    _personal_fields = {"mobile": "phone", "id_number": "id_number", "born_on": "date"}

    name = fields.Char(required=True)
    plain = fields.Char()
    mobile = EncryptedChar(blind="digits", prefixes=(3, 7))
    id_number = EncryptedChar("Identity No.", blind="code")
    email = EncryptedChar("E-mail", blind="casefold")
    born_on = EncryptedDate("Born On", blind="exact")
    remark = EncryptedText()
    facts = EncryptedJson()
    seal = EncryptedBinary()
    remark_length = fields.Integer(compute="_compute_remark_length", store=True)
    holder_id = fields.Many2one("ctsp.test.secret.holder")

    @api.depends("remark")
    def _compute_remark_length(self):
        for secret in self:
            secret.remark_length = len(secret.remark or "")

    @api.constrains("id_number")
    def _check_id_number(self):
        for secret in self.sudo().filtered("id_number"):  # sudo: the rule looks at numbers the writer may not see
            if self.sudo().search_count([("id_number", "=", secret.id_number)], limit=2) > 1:
                raise ValidationError(self.env._("This number is there already."))


class TestSecretHolder(models.Model):
    """Leads to secrets by relations and related fields."""

    _name = "ctsp.test.secret.holder"
    _description = "Test Holder of Secrets"

    name = fields.Char()
    secret_ids = fields.One2many("ctsp.test.secret", "holder_id")
    first_id = fields.Many2one("ctsp.test.secret")
    first_mobile = fields.Char(related="first_id.mobile")
    first_email = fields.Char(related="first_id.email", readonly=False)


class TestSecretCard(models.Model):
    """Delegates to a secret."""

    _name = "ctsp.test.secret.card"
    _inherits = {"ctsp.test.secret": "secret_id"}
    _description = "Test Card"

    secret_id = fields.Many2one("ctsp.test.secret", required=True, ondelete="cascade")
    number = fields.Char()
