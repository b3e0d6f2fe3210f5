from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Discipline(models.Model):
    """诊疗科目 of two levels, as which the specialties (专业) of an institution are filed.

    Source: 医疗机构诊疗科目名录 (卫医发〔1994〕27号 with later additions), and the two options of the national filing
    platform that are no 诊疗科目: Ⅰ期临床试验研究室 and 生物等效性.
    """

    _name = "ctsp.discipline"
    _inherit = ["ctsp.reference.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _description = "Discipline"
    _order = "code, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code", "pinyin"]
    _parent_store = True
    _import_keys = ("code", ("parent_id", "name"))
    _import_fields = ("code", "name", "parent_id", "is_phase1", "is_be", "sequence", "note")
    _import_headers = {
        "code": ("科目代码", "诊疗科目代码", "专业代码"), "name": ("科目名称", "诊疗科目", "专业名称"),
        "parent_id": ("上级科目", "一级科目代码", "一级诊疗科目", "上级"),
    }
    _integrity_fields = {1: ("code", "parent_id", "is_phase1", "is_be", "active")}

    parent_id = fields.Many2one(
        "ctsp.discipline", string="First-level Discipline", index=True, ondelete="restrict",
        domain="[('parent_id', '=', False), ('id', '!=', id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ctsp.discipline", "parent_id", string="Second-level Disciplines")
    complete_name = fields.Char(
        string="Full Name", compute="_compute_complete_name", store=True, recursive=True, index=True
    )
    is_phase1 = fields.Boolean(string="Phase I", help="Phase I clinical trial research unit.")
    is_be = fields.Boolean(string="Bioequivalence", help="Bioequivalence studies.")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a discipline with this code already.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for discipline in self:
            parent = discipline.parent_id.complete_name
            discipline.complete_name = f"{parent}-{discipline.name}" if parent else discipline.name

    @api.depends("complete_name")
    def _compute_pinyin(self):
        super()._compute_pinyin()

    def write(self, vals):
        self._refuse_circle(vals.get("parent_id"))
        return super().write(vals)

    def _refuse_circle(self, parent_id):
        """Refuse a parent that is, or is below, one of these: Odoo's own refusal of it is English."""
        parent = self.browse(parent_id or ()).exists()
        above = {int(part) for part in (parent.parent_path or "").split("/") if part}
        if above & set(self.ids):
            raise ValidationError(self.env._("A discipline cannot be below itself."))

    @api.model
    def _import_example(self):
        return {"code": "03.01", "name": self.env._("Name of the second-level discipline")}
