"""Models on which the tests of the kernel part `people` run."""
from odoo import api, fields, models


class TestOrganisation(models.Model):
    """Leads to people: relations and related fields are no way around."""

    _name = "ctsp.test.organisation"
    _description = "Test Organisation"

    name = fields.Char()
    person_ids = fields.One2many("ctsp.test.person", "organisation_id")
    lead_id = fields.Many2one("ctsp.test.person")
    lead_mobile = fields.Char(related="lead_id.mobile")
    note = fields.Char()
    note_seen = fields.Char(compute="_compute_note_seen")

    @api.depends("note")
    def _compute_note_seen(self):
        for organisation in self:
            organisation.note_seen = organisation.note


class TestPerson(models.Model):
    """Holds one personal field of each kind, the name among them."""

    _name = "ctsp.test.person"
    _inherit = ["mail.thread", "ctsp.personal.mixin"]
    _description = "Test Person"
    _order = "name"
    _rec_names_search = ["name", "code", "mobile"]

    _personal_fields = {
        "name": "name", "mobile": "phone", "id_number": "id_number", "email": "email", "birth_date": "date",
    }

    name = fields.Char(required=True)
    code = fields.Char()
    mobile = fields.Char(tracking=True)
    id_number = fields.Char("Identity Number")
    email = fields.Char()
    birth_date = fields.Date()
    post = fields.Char()
    organisation_id = fields.Many2one("ctsp.test.organisation")
    owner_partner_id = fields.Many2one("res.partner")


class TestPersonCard(models.Model):
    """Delegates to a person: inherited fields are no way around."""

    _name = "ctsp.test.person.card"
    _inherits = {"ctsp.test.person": "person_id"}
    _description = "Test Person Card"

    person_id = fields.Many2one("ctsp.test.person", required=True, ondelete="cascade")
    number = fields.Char()
