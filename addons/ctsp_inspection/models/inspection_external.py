from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_clause.tools import codes


class InspectionExternal(models.Model):
    """An inspection of a local institution by another authority, as far as it became known; entered or imported."""

    _name = "ctsp.inspection.external"
    _description = "Inspection by Another Authority"
    _inherit = ["mail.thread", "ctsp.tag.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["number", "authority", "institution_id.name"]
    _import_keys = ("number", ("institution_id", "authority", "date_start"))
    _integrity_fields = {1: (
        "institution_id", "authority", "number", "kind", "date_start", "date_end", "critical_count", "major_count",
        "minor_count", "conclusion", "rectification", "specialty_ids", "trial_ids")}

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="restrict", tracking=True)
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index="btree_not_null")
    authority = fields.Char("Inspecting Authority", required=True, index="trigram")
    authority_kind = fields.Selection(
        [("national", "National Drug Administration"), ("province", "Other Province"), ("health", "Health Authority"),
         ("foreign", "Foreign Authority"), ("other", "Other Authority")],
        "Kind of Authority", required=True, default="national", index=True)
    number = fields.Char("Report or Task No.", index="btree_not_null", copy=False)
    kind = fields.Selection(lambda self: codes.kinds(self.env), "Business Type", index=True)
    date_start = fields.Date("Began On", required=True, index=True)
    date_end = fields.Date("Ended On")
    people = fields.Char("Inspected By", help="Names of the inspectors as the report gives them.")
    specialty_ids = fields.Many2many(
        "ctsp.specialty", "ctsp_inspection_external_specialty_rel", "external_id", "specialty_id", "Specialties",
        domain="[('institution_id', '=', institution_id)]")
    trial_ids = fields.Many2many(
        "ctsp.trial", "ctsp_inspection_external_trial_rel", "external_id", "trial_id", "Trials",
        domain="[('site_ids.institution_id', '=', institution_id)]")
    critical_count = fields.Integer("Critical Findings")
    major_count = fields.Integer("Major Findings")
    minor_count = fields.Integer("Minor Findings")
    conclusion = fields.Selection(lambda self: codes.conclusions(self.env), index=True, tracking=True)
    summary = fields.Text("What Was Found")
    rectification = fields.Selection(
        [("none", "Nothing to Rectify"), ("open", "In Rectification"), ("done", "Rectified")], index=True,
        tracking=True)
    date_rectified = fields.Date("Rectified On")
    source = fields.Char("Known From", help="Letter, report of the institution, public notice …")

    _number_unique = models.Constraint("UNIQUE(number)", "An inspection with this number is entered already.")
    _dates_in_order = models.Constraint("CHECK(date_end >= date_start)", "“Ended On” lies before “Began On”.")
    _counts_positive = models.Constraint(
        "CHECK(critical_count >= 0 AND major_count >= 0 AND minor_count >= 0)",
        "The number of findings cannot be negative.")

    @api.depends("authority", "number", "date_start")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " ".join(filter(None, (
                row.number, row.authority, fields.Date.to_string(row.date_start))))

    @api.constrains("institution_id", "specialty_ids")
    def _check_same_institution(self):
        for row in self:
            if row.specialty_ids.institution_id - row.institution_id:
                raise ValidationError(self.env._(
                    "“Specialties” contains rows of another institution than %s.", row.institution_id.name))

    @api.model
    def _import_example(self):
        return {"institution_id": "示例第一医院（示例）", "authority": "国家药监局食品药品审核查验中心",
                "date_start": "2026-03-02", "number": "示例〔2026〕1号"}
