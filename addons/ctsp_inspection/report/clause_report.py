from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_clause.tools import codes


class ClauseReport(models.Model):
    """Clause statistics (检查条款统计): a row per clause checked in an approved inspection.

    The share of “does not conform” is of the times the clause was checked; not applicable and unchecked do not count.
    The outer joins go by unique keys: PostgreSQL leaves out those whose columns nobody asks for.
    """

    _name = "ctsp.clause.report"
    _description = "Clause Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "inspection_id"
    _order = "date_start desc, id desc"
    _rec_name = "point"
    _depends = {
        "ctsp.inspection": ["kind", "institution_id", "district_id", "date_start", "state"],
        "ctsp.inspection.line": [
            "inspection_id", "clause_id", "object", "specialty_id", "trial_id", "number", "section", "point",
            "clause_grade", "result", "grade", "recorded_by"],
        "ctsp.institution": ["level_id"],
        "ctsp.specialty": ["discipline_id"],
        "ctsp.inspector": ["user_id"],
    }

    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    clause_id = fields.Many2one("ctsp.clause", readonly=True)
    number = fields.Char("Clause No.", readonly=True)
    section = fields.Char(readonly=True)
    point = fields.Char(readonly=True)
    object = fields.Selection(lambda self: codes.objects(self.env), readonly=True)
    clause_grade = fields.Selection(lambda self: codes.grades(self.env), "Grade of the Clause", readonly=True)
    result = fields.Selection(lambda self: codes.results(self.env), readonly=True)
    grade = fields.Selection(lambda self: codes.defects(self.env), "Grade of the Finding", readonly=True)
    kind = fields.Selection(lambda self: codes.kinds(self.env), "Business Type", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True)
    discipline_id = fields.Many2one("ctsp.discipline", readonly=True)
    inspector_id = fields.Many2one("ctsp.inspector", readonly=True)
    recorded_by = fields.Many2one("res.users", readonly=True)
    date_start = fields.Date("Inspected On", readonly=True)
    checked = fields.Integer("Times Checked", readonly=True)
    nonconform = fields.Integer("Does Not Conform", readonly=True)
    rate = fields.Float("Share That Does Not Conform (%)", readonly=True, aggregator="avg", digits=(5, 1))

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order clauses by their id: sorting a million rows by section and number would take most of the time."""
        if field_name == "clause_id":
            return SQL("%s %s %s", self._field_to_sql(alias, field_name, query), direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.inspection_id, line.clause_id, line.number, line.section, line.point, line.object,
                   line.clause_grade, line.result, line.grade, inspection.kind, inspection.institution_id,
                   inspection.district_id, institution.level_id, line.specialty_id, specialty.discipline_id,
                   inspector.id AS inspector_id, line.recorded_by, inspection.date_start,
                   1 AS checked,
                   CASE line.result WHEN 'nonconform' THEN 1 ELSE 0 END AS nonconform,
                   CASE line.result WHEN 'nonconform' THEN 100.0 ELSE 0 END AS rate
              FROM ctsp_inspection_line line
              JOIN ctsp_inspection inspection ON inspection.id = line.inspection_id
         LEFT JOIN ctsp_institution institution ON institution.id = inspection.institution_id
         LEFT JOIN ctsp_specialty specialty ON specialty.id = line.specialty_id
         LEFT JOIN ctsp_inspector inspector ON inspector.user_id = line.recorded_by
             WHERE line.result IN ('conform', 'nonconform')
               AND inspection.state IN ('approved', 'rectification', 'closed')
            """)
