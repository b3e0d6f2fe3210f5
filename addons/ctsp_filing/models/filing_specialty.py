from odoo import api, fields, models

from odoo.addons.ctsp_base.fields import OptionalInteger


class FilingSpecialty(models.Model):
    """A specialty (专业) as a filing proposes it, with its principal investigator and sites.

    A new specialty leads to a first inspection. Removing one cancels its filing; it stays in the registry.
    """

    _name = "ctsp.filing.specialty"
    _description = "Proposed Specialty"
    _inherit = ["ctsp.filing.line.mixin"]
    _proposal_fields = ("discipline_id", "name", "is_drug", "is_device", "bed_count", "base_note")
    _proposal_links = {"pi_line_id": "pi_id", "co_pi_line_ids": "co_pi_ids", "site_line_ids": "site_ids"}
    _desk_fields = ("sequence", "removal", *_proposal_fields, *_proposal_links)
    _integrity_fields = {1: (
        "filing_id", "discipline_id", "name", "is_drug", "is_device", "pi_line_id", "co_pi_line_ids", "site_line_ids",
        "bed_count", "base_note")}

    target_id = fields.Many2one(
        "ctsp.specialty", "Registered Specialty", readonly=True, index="btree_not_null", ondelete="set null")
    discipline_id = fields.Many2one("ctsp.discipline", required=True, ondelete="restrict")
    name = fields.Char(
        "Specialty", compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    is_drug = fields.Boolean("Drug Trials", default=True)
    is_device = fields.Boolean("Device Trials")
    is_phase1 = fields.Boolean(related="discipline_id.is_phase1")
    is_be = fields.Boolean(related="discipline_id.is_be")
    pi_line_id = fields.Many2one(
        "ctsp.filing.person", "Principal Investigator", index="btree_not_null", ondelete="set null",
        domain="[('filing_id', '=', filing_id)]")
    pi_title_id = fields.Many2one(related="pi_line_id.title_id", string="Title of the PI")
    pi_proven_count = fields.Integer(related="pi_line_id.proven_count", string="Proven Trials of the PI")
    co_pi_line_ids = fields.Many2many(
        "ctsp.filing.person", "ctsp_filing_specialty_person_rel", "specialty_id", "person_id", "Further Investigators",
        domain="[('filing_id', '=', filing_id)]")
    site_line_ids = fields.Many2many(
        "ctsp.filing.site", "ctsp_filing_specialty_site_rel", "specialty_id", "site_id", "Sites",
        domain="[('filing_id', '=', filing_id)]")
    bed_count = OptionalInteger("Beds", aggregator="sum")
    base_note = fields.Text("Facilities", help="Wards, rooms, pharmacy and equipment used for trials.")

    @api.depends("discipline_id")
    def _compute_name(self):
        for specialty in self:
            specialty.name = specialty.name or specialty.discipline_id.name

    @api.depends("pi_line_id.target_id", "co_pi_line_ids.target_id", "site_line_ids.target_id")
    def _compute_operation(self):
        return super()._compute_operation()

    @api.constrains("filing_id", "pi_line_id", "co_pi_line_ids", "site_line_ids")
    def _check_same_filing(self):
        """Investigators and sites are rows of the same filing, whatever a client sends."""
        for specialty in self.sudo():  # another filing's rows may be hidden from the writer
            people = specialty.pi_line_id | specialty.co_pi_line_ids
            if (people.filing_id | specialty.site_line_ids.filing_id) - specialty.filing_id:
                self.env["ctsp.filing"]._raise_foreign_row(specialty.name)

    def _apply_add(self):
        specialty = super()._apply_add()
        specialty.write({"state": "filed", "filed_date": self.filing_id._effective_date()})
        return specialty

    def _apply_remove(self):
        """Cancel the filing of the specialty: no new trials from then on; the record stays (管理规定)."""
        self.target_id.write({
            "state": "cancelled",
            "cancelled_date": self.filing_id._effective_date(),
            "cancel_reason": self.filing_id.reason,
        })
