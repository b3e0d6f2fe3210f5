from odoo import api, fields, models


class Plan(models.Model):
    """What a plan rests on and inspects by: laws and check list."""

    _inherit = "ctsp.plan"

    basis_ids = fields.Many2many("ctsp.law", "ctsp_plan_law_rel", "plan_id", "law_id", "Laws and Rules")
    checklist_id = fields.Many2one(
        "ctsp.checklist", "Check List", index="btree_not_null", ondelete="restrict",
        domain="[('library_id.published', '=', True)]",
        help="The clauses inspected by; left empty, the newest list for this kind of inspection.")

    def _has_basis(self):
        return super()._has_basis() or bool(self.basis_ids)

    def _checklist(self, objects=()):
        """Return the check list of the plan, else the newest one for its kind, if possible one for these objects."""
        return self.checklist_id or self.env["ctsp.checklist"]._for(self.kind, objects)

    def _basis_text(self):
        """Return laws and orders in one text, for the papers of the inspection."""
        return "\n".join(filter(None, (*self.basis_ids.mapped("name"), self.basis)))

    @api.model
    def _export_default_paths(self):
        return ["number", "name", "kind", "year", "date_from", "date_to", "state", "line_count", "done_count",
                "running_count", "waiting_count", "late_count", "progress"]
