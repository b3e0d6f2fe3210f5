"""Models on which the tests of the kernel part `io` run."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TestClinicKind(models.Model):
    """A small dictionary."""

    _name = "ctsp.test.clinic.kind"
    _description = "Test Clinic Kind"

    name = fields.Char(required=True)
    code = fields.Char()


class TestClinic(models.Model):
    """Has a field of every type that is exported or imported."""

    _name = "ctsp.test.clinic"
    _description = "Test Clinic"
    _inherit = ["ctsp.export.mixin", "ctsp.import.mixin", "ctsp.personal.mixin"]
    _import_keys = ("code", "name")
    _personal_fields = {"mobile": "phone"}

    name = fields.Char(required=True, index=True)
    code = fields.Char(index=True)
    level = fields.Selection([("third", "Third"), ("second", "Second")])
    kind_id = fields.Many2one("ctsp.test.clinic.kind")
    kind_ids = fields.Many2many("ctsp.test.clinic.kind", string="Other Kinds")
    parent_id = fields.Many2one("ctsp.test.clinic", index=True)
    child_ids = fields.One2many("ctsp.test.clinic", "parent_id")
    opened_on = fields.Date()
    visited_at = fields.Datetime()
    beds = fields.Integer()
    budget = fields.Float()
    is_teaching = fields.Boolean()
    note = fields.Text()
    mobile = fields.Char()
    secret = fields.Char(groups="base.group_system")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Another clinic has this code.")

    @api.constrains("beds")
    def _check_beds(self):
        if any(clinic.beds < 0 for clinic in self):
            raise ValidationError(self.env._("Beds cannot be negative."))


class TestClinicVisit(models.Model):
    """Refers to a clinic, which then cannot be deleted."""

    _name = "ctsp.test.clinic.visit"
    _description = "Test Clinic Visit"

    clinic_id = fields.Many2one("ctsp.test.clinic", required=True, ondelete="restrict", index=True)
