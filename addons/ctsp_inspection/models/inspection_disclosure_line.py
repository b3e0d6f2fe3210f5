from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools.language import in_record_language

from .inspection_disclosure import SETTLED

PUBLIC = ("institution", "record_no", "inspected", "category", "result", "handling")
"""what is made public, in the order of the columns; nothing else leaves the house this way"""


class InspectionDisclosureLine(models.Model):
    """One inspection on a list to be made public: its public fields, as texts that no longer change.

    Source: fields of the public filing platform (检查日期, 检查类别, 检查结果, 处理情况).
    """

    _name = "ctsp.inspection.disclosure.line"
    _description = "Inspection to Be Made Public"
    _inherit = ["ctsp.export.mixin"]
    _order = "disclosure_id desc, inspected, id"
    _rec_name = "institution"
    _integrity_fields = {1: (
        "disclosure_id", "inspection_id", "institution", "record_no", "inspected", "category", "result", "handling")}

    disclosure_id = fields.Many2one("ctsp.inspection.disclosure", required=True, index=True, ondelete="cascade")
    inspection_id = fields.Many2one("ctsp.inspection", required=True, index=True, ondelete="restrict")
    institution = fields.Char("Institution Name", readonly=True)
    record_no = fields.Char("Filing No.", readonly=True)
    inspected = fields.Char("Inspection Date", readonly=True)
    category = fields.Char("Inspection Category", readonly=True)
    result = fields.Char("Inspection Result", readonly=True)
    handling = fields.Char(readonly=True)

    _once = models.Constraint("UNIQUE(disclosure_id, inspection_id)", "An inspection is on the list only once.")

    @api.model
    def _export_default_paths(self):
        return list(PUBLIC)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([{"disclosure_id": vals.get("disclosure_id"), "inspection_id": vals.get("inspection_id")}
                                for vals in vals_list])
        lines.disclosure_id._check_open()
        lines.sudo()._freeze()  # the texts are the engine's
        return lines

    def write(self, vals):
        if not self.env.su:
            self.disclosure_id._check_open()
            vals = {name: value for name, value in vals.items() if name == "inspection_id"}
        result = super().write(vals)
        if "inspection_id" in vals:
            self.sudo()._freeze()  # the texts are the engine's
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if not self.env.su:
            self.disclosure_id._check_open()

    @api.constrains("inspection_id")
    def _check_settled(self):
        for line in self:
            if line.inspection_id.state not in SETTLED:
                raise ValidationError(self.env._(
                    "%s is not approved yet: nothing of it is made public.", line.inspection_id.display_name))

    def _freeze(self):
        """Write what the inspections say now. Called as superuser."""
        for line in in_record_language(self):
            inspection = line.inspection_id
            days = [fields.Date.to_string(day) for day in (inspection.date_start, inspection.date_end) if day]
            line.write({
                "institution": inspection.institution_id.name, "record_no": inspection.institution_id.record_no,
                "inspected": line.env._(" to ").join(dict.fromkeys(days)), "category": inspection._label_of("kind"),
                "result": inspection._label_of("evaluation") or inspection._label_of("conclusion"),
                "handling": inspection._label_of("handling")})
