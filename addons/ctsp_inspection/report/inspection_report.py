from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_clause.tools import codes


class InspectionReport(models.Model):
    """Inspection statistics (检查信息统计): one row per inspection that was made, with its times and counts.

    Days are calendar days. Right the first time: handed in once and never returned.
    """

    _name = "ctsp.inspection.report"
    _description = "Inspection Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "inspection_id"
    _order = "date_start desc, id desc"
    _rec_name = "number"
    _depends = {
        "ctsp.inspection": [
            "number", "kind", "regulation_kind", "source", "institution_id", "district_id", "date_start", "date_end",
            "leader_id", "conclusion", "handling", "state", "submitted_at", "approved_at", "closed_at",
            "critical_count", "major_count", "minor_count"],
        "ctsp.institution": ["level_id", "kind_id"],
        "ctsp.inspection.member": ["inspection_id"],
        "ctsp.workflow.log": ["res_model", "res_id", "transition"],
    }

    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    number = fields.Char("Inspection No.", readonly=True)
    kind = fields.Selection(lambda self: codes.kinds(self.env), "Business Type", readonly=True)
    regulation_kind = fields.Selection(
        [("routine", "Routine"), ("cause", "For Cause"), ("other", "Other")], "Type by the Rules", readonly=True)
    source = fields.Selection(
        [("plan", "Plan"), ("filing", "Filing"), ("transfer", "Transferred"), ("own", "Own Initiative")], readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    kind_id = fields.Many2one("ctsp.dictionary.item", "Kind of Institution", readonly=True)
    leader_id = fields.Many2one("ctsp.inspector", "Team Leader", readonly=True)
    inspector_id = fields.Many2one(
        "ctsp.inspector", "Inspector on the Team", store=False, compute="_compute_nothing",
        search="_search_inspector_id", help="To search by: inspections whose team this inspector was on.")
    discipline_id = fields.Many2one(
        "ctsp.discipline", "Discipline Inspected", store=False, compute="_compute_nothing",
        search="_search_discipline_id", help="To search by: inspections of specialties of this discipline.")
    date_start = fields.Date("Inspected On", readonly=True)
    conclusion = fields.Selection(lambda self: codes.conclusions(self.env), readonly=True)
    handling = fields.Selection(
        [("none", "Passed"), ("rectify", "Rectify in Time"), ("warning", "Warning Letter"),
         ("talk", "Summons to a Talk"), ("transfer", "Transferred for Investigation")], readonly=True)
    state = fields.Selection(
        [("onsite", "On Site"), ("submitted", "Submitted"), ("review", "In Review"), ("returned", "Returned"),
         ("approved", "Approved"), ("rectification", "In Rectification"), ("closed", "Closed")], readonly=True)
    critical_count = fields.Integer("Critical Findings", readonly=True)
    major_count = fields.Integer("Major Findings", readonly=True)
    minor_count = fields.Integer("Minor Findings", readonly=True)
    finding_count = fields.Integer("Findings", readonly=True)
    team_size = fields.Integer(readonly=True, aggregator="avg")
    return_count = fields.Integer("Times Returned", readonly=True)
    first_right = fields.Float(
        "Right the First Time (%)", readonly=True, aggregator="avg", digits=(5, 1),
        help="Of the approved inspections, those never returned by the reviewer.")
    pass_rate = fields.Float("Meets the Requirements (%)", readonly=True, aggregator="avg", digits=(5, 1))
    visit_days = fields.Integer("Days on Site", readonly=True, aggregator="avg")
    approve_days = fields.Integer("Days from Visit to Approval", readonly=True, aggregator="avg")
    close_days = fields.Integer("Days from Visit to Close", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT inspection.id, inspection.id AS inspection_id, inspection.number, inspection.kind,
                   inspection.regulation_kind, inspection.source, inspection.institution_id, inspection.district_id,
                   institution.level_id, institution.kind_id, inspection.leader_id, inspection.date_start,
                   inspection.conclusion, inspection.handling, inspection.state,
                   inspection.critical_count, inspection.major_count, inspection.minor_count,
                   COALESCE(inspection.critical_count, 0) + COALESCE(inspection.major_count, 0)
                       + COALESCE(inspection.minor_count, 0) AS finding_count,
                   team.people AS team_size,
                   COALESCE(log.returns, 0) AS return_count,
                   CASE WHEN inspection.approved_at IS NOT NULL
                        THEN CASE WHEN log.returns > 0 THEN 0 ELSE 100 END END AS first_right,
                   CASE WHEN inspection.conclusion IS NOT NULL AND inspection.approved_at IS NOT NULL
                        THEN CASE WHEN inspection.conclusion = 'pass' THEN 100 ELSE 0 END END AS pass_rate,
                   inspection.date_end - inspection.date_start + 1 AS visit_days,
                   (inspection.approved_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date
                       - COALESCE(inspection.date_end, inspection.date_start) AS approve_days,
                   CASE WHEN inspection.state = 'closed' THEN
                       (inspection.closed_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date
                           - COALESCE(inspection.date_end, inspection.date_start) END AS close_days
              FROM ctsp_inspection inspection
              JOIN ctsp_institution institution ON institution.id = inspection.institution_id
         LEFT JOIN (SELECT inspection_id, count(*) AS people FROM ctsp_inspection_member WHERE role != 'observer'
                  GROUP BY inspection_id) team ON team.inspection_id = inspection.id
         LEFT JOIN (SELECT res_id, count(*) AS returns FROM ctsp_workflow_log
                     WHERE res_model = 'ctsp.inspection' AND transition = 'return' GROUP BY res_id
                   ) log ON log.res_id = inspection.id
             WHERE inspection.date_start IS NOT NULL AND inspection.state NOT IN ('draft', 'assigned', 'cancelled')
            """)

    # ---- a team and several specialties are many for one row: to search by -----------------------------------------

    def _compute_nothing(self):
        self.inspector_id = False
        self.discipline_id = False

    def _search_inspector_id(self, operator, value):
        return self._search_inspections(operator, [
            ("member_ids", "any", [("role", "!=", "observer"), ("inspector_id", operator, value)])])

    def _search_discipline_id(self, operator, value):
        return self._search_inspections(operator, [("specialty_ids.discipline_id", operator, value)])

    @api.model
    def _search_inspections(self, operator, domain):
        """Return the rows of the inspections that match: one sub-query.

        Superuser: who may read the statistics may count by team and specialty; the records keep their own rights.
        """
        if operator not in ("in", "ilike"):
            return NotImplemented
        return [("inspection_id", "in", self.env["ctsp.inspection"].sudo()._search(domain))]
