from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock


class PersonPost(models.Model):
    """A post a person holds or held at an institution, e.g. head of the institution, office director, secretary."""

    _name = "ctsp.person.post"
    _description = "Post"
    _inherit = ["ctsp.versioned.mixin", "ctsp.owned.mixin", "ctsp.import.mixin"]
    _order = "sequence, date_from desc, id"
    _rec_name = "post_id"
    _owner_path = "person_id.institution_id.partner_id"
    _import_part_of = "ctsp.person"
    _import_keys = (("person_id", "post_id", "date_from"),)
    _import_blank = ("date_from",)
    _import_fields = ("person_id", "post_id", "date_from", "date_to")
    _import_scopes = {"person_id": ("institution_id",)}
    _import_headers = {"post_id": ("岗位名称", "职务", "任职岗位")}
    _version_path = "person_id.institution_id"
    _version_skip = ("person_id", "sequence")
    _integrity_fields = {1: ("person_id", "institution_id", "post_id", "date_from", "date_to")}

    person_id = fields.Many2one("ctsp.person", required=True, index=True, ondelete="cascade")
    institution_id = fields.Many2one(
        "ctsp.institution", compute="_compute_institution_id", store=True, index=True)
    post_id = fields.Many2one(
        "ctsp.dictionary.item", required=True, index=True, domain="[('dictionary_code', '=', 'post')]")
    sequence = fields.Integer(related="post_id.sequence", store=True)
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    is_current = fields.Boolean("In Office", compute="_compute_is_current", search="_search_is_current")

    @api.depends("person_id.institution_id")
    def _compute_institution_id(self):
        for post in self:
            post.institution_id = post.person_id.institution_id

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = clock.today()
        for post in self:
            begun = not post.date_from or post.date_from <= today
            post.is_current = begun and (not post.date_to or post.date_to >= today)

    def _search_is_current(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = clock.today()
        begun = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        lasts = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        wanted = (operator == "in") == (True in value)
        return (begun & lasts) if wanted else ~(begun & lasts)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for post in self:
            if post.date_from and post.date_to and post.date_from > post.date_to:
                raise ValidationError(self.env._(
                    "Post of %(name)s: “Until” lies before “From”.", name=post.person_id.name))
