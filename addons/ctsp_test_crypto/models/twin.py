"""Two classes that differ in nothing but encryption, to measure what it costs (``tests/bench/encryption.py``)."""
from odoo import fields, models

from odoo.addons.ctsp_crypto.fields import EncryptedChar, EncryptedDate


class TestTwin(models.AbstractModel):
    """What both have: the open fields of a person, rights and masks, the log of changes."""

    _name = "ctsp.test.twin.mixin"
    _inherit = ["ctsp.personal.mixin"]
    _description = "Test Twin"
    _personal_fields = {"id_number": "id_number", "birth_date": "date", "mobile": "phone", "email": "email"}

    name = fields.Char(required=True)
    pinyin = fields.Char()
    gender = fields.Selection([("male", "Male"), ("female", "Female")])
    department = fields.Char()
    qualification_no = fields.Char()
    partner_id = fields.Many2one("res.partner")
    note = fields.Text()
    active = fields.Boolean(default=True)


class TestTwinClear(models.Model):
    """The twin in clear."""

    _name = "ctsp.test.twin.clear"
    _inherit = ["ctsp.test.twin.mixin"]
    _description = "Test Twin in Clear"
    _order = "name, id"

    birth_date = fields.Date(index="btree_not_null")
    id_number = fields.Char(index="btree_not_null")
    mobile = fields.Char(index="btree_not_null")
    email = fields.Char(index="btree_not_null")


class TestTwinSealed(models.Model):
    """The twin whose personal data is encrypted."""

    _name = "ctsp.test.twin.sealed"
    _inherit = ["ctsp.test.twin.mixin", "ctsp.encrypted.mixin"]
    _description = "Test Twin Encrypted"
    _order = "name, id"

    birth_date = EncryptedDate(blind="exact")
    id_number = EncryptedChar(blind="code")
    mobile = EncryptedChar(blind="digits")
    email = EncryptedChar(blind="casefold")
