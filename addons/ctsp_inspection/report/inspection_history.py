from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ctsp_clause.tools import codes

from ..tools.counting import KEYS_ONLY

DONE = ("approved", "rectification", "closed")

ROWS = """
    SELECT inspection.id * 2 AS id, 'own' AS origin, inspection.id AS inspection_id,
           NULL::integer AS external_id, inspection.institution_id, inspection.district_id,
           inspection.number, inspection.name, NULL AS authority, inspection.kind,
           COALESCE(inspection.date_start, inspection.date_planned_from) AS date_start, inspection.date_end,
           inspection.team_names AS people, inspection.critical_count, inspection.major_count,
           inspection.minor_count,
           inspection.critical_count + inspection.major_count + inspection.minor_count AS finding_count,
           (SELECT count(*) FROM ctsp_rectification item WHERE item.inspection_id = inspection.id
               AND item.state IN ('waiting', 'answered', 'returned'))::integer AS open_count,
           inspection.conclusion, inspection.evaluation, inspection.handling,
           CASE WHEN NOT EXISTS (SELECT FROM ctsp_rectification item
                                  WHERE item.inspection_id = inspection.id
                                    AND item.state != 'cancelled') THEN 'none'
                WHEN EXISTS (SELECT FROM ctsp_rectification item
                              WHERE item.inspection_id = inspection.id
                                AND item.state IN ('waiting', 'answered', 'returned')) THEN 'open'
                ELSE 'done' END AS rectification,
           (SELECT (max(item.verified_at) AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date
              FROM ctsp_rectification item
             WHERE item.inspection_id = inspection.id AND item.state = 'accepted') AS date_rectified
      FROM ctsp_inspection inspection
     WHERE inspection.state IN %(done)s
 UNION ALL
    SELECT other.id * 2 + 1, 'external', NULL, other.id, other.institution_id, other.district_id,
           other.number, other.authority, other.authority, other.kind, other.date_start, other.date_end,
           other.people, other.critical_count, other.major_count, other.minor_count,
           COALESCE(other.critical_count, 0) + COALESCE(other.major_count, 0) + COALESCE(other.minor_count, 0),
           CASE WHEN other.rectification = 'open' THEN COALESCE(other.critical_count, 0)
                + COALESCE(other.major_count, 0) + COALESCE(other.minor_count, 0) ELSE 0 END,
           other.conclusion, NULL, NULL, other.rectification, other.date_rectified
      FROM ctsp_inspection_external other
"""
KEYS = """
    SELECT id * 2 AS id, institution_id FROM ctsp_inspection WHERE state IN %(done)s
 UNION ALL
    SELECT id * 2 + 1, institution_id FROM ctsp_inspection_external
"""


class InspectionHistory(models.Model):
    """监管部门历次现场检查情况: every earlier inspection of an institution, ours and those of other authorities.

    Only what was approved: planned and running inspections are nobody's business but their team's. The table holds the
    facts every regulator may know; the records themselves keep their own rights. Names of inspectors are public.
    """

    _name = "ctsp.inspection.history"
    _description = "Earlier Inspections"
    _inherit = ["ctsp.export.mixin"]
    _auto = False
    _order = "date_start desc, id desc"
    _rec_name = "name"
    _rec_names_search = ["name", "number"]

    _depends = {
        "ctsp.inspection": [
            "institution_id", "district_id", "number", "name", "kind", "date_start", "date_planned_from", "date_end",
            "team_names", "critical_count", "major_count", "minor_count", "conclusion", "evaluation", "handling",
            "state"],
        "ctsp.rectification": ["inspection_id", "state", "verified_at"],
        "ctsp.inspection.external": [
            "institution_id", "district_id", "number", "authority", "kind", "date_start", "date_end", "people",
            "critical_count", "major_count", "minor_count", "conclusion", "rectification", "date_rectified"],
    }

    origin = fields.Selection(
        [("own", "Our Own"), ("external", "Another Authority")], "Inspected By Whom", readonly=True)
    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    external_id = fields.Many2one("ctsp.inspection.external", "Inspection by Another Authority", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    specialty_id = fields.Many2one(
        "ctsp.specialty", store=False, search="_search_specialty_id", compute="_compute_nothing",
        help="To search by: inspections of this specialty.")
    trial_id = fields.Many2one(
        "ctsp.trial", store=False, search="_search_trial_id", compute="_compute_nothing",
        help="To search by: inspections of this trial.")
    number = fields.Char("Inspection No.", readonly=True)
    name = fields.Char("Inspection Title", readonly=True)
    authority = fields.Char("Inspecting Authority", readonly=True)
    kind = fields.Selection(lambda self: codes.kinds(self.env), "Business Type", readonly=True)
    date_start = fields.Date("Began On", readonly=True)
    date_end = fields.Date("Ended On", readonly=True)
    people = fields.Char("Inspectors", readonly=True)
    critical_count = fields.Integer("Critical Findings", readonly=True)
    major_count = fields.Integer("Major Findings", readonly=True)
    minor_count = fields.Integer("Minor Findings", readonly=True)
    finding_count = fields.Integer("All Findings", readonly=True)
    open_count = fields.Integer("Not Rectified Yet", readonly=True)
    conclusion = fields.Selection(lambda self: codes.conclusions(self.env), readonly=True)
    evaluation = fields.Selection(
        [("pass", "Meets the Requirements"), ("fail", "Does Not Meet the Requirements")], "Comprehensive Evaluation",
        readonly=True)
    handling = fields.Selection(lambda self: self._selection_handling(), readonly=True)
    rectification = fields.Selection(
        [("none", "Nothing to Rectify"), ("open", "In Rectification"), ("done", "Rectified")], readonly=True)
    date_rectified = fields.Date("Rectified On", readonly=True)
    specialties = fields.Char(compute="_compute_objects")
    trials = fields.Char(compute="_compute_objects")
    finding_text = fields.Text(
        "Findings and Rectification", compute="_compute_finding_text",
        help="Told to whoever may read the inspection itself.")

    @api.model
    def _selection_handling(self):
        return self.env["ctsp.inspection"]._fields["handling"]._description_selection(self.env)

    @property
    def _table_query(self):
        """Counts are sub-selects of single columns: a list that does not show them does not pay for them."""
        if self.env.context.get("ctsp_keys_only") is KEYS_ONLY:
            return SQL(KEYS, done=DONE)
        return SQL(ROWS, done=DONE)

    # ------------------------------------------------------------------
    # Specialties and trials
    # ------------------------------------------------------------------
    def _compute_nothing(self):
        """These fields are there to search by; what was inspected is shown by name."""
        self.specialty_id = False
        self.trial_id = False

    @api.depends("inspection_id", "external_id")
    def _compute_objects(self):
        for row in self:
            record = (row.inspection_id or row.external_id).sudo()  # names of what was inspected, as in the title
            row.specialties = "、".join(record.specialty_ids.mapped("name"))
            row.trials = "、".join(trial.ctr_no or trial.name for trial in record.trial_ids)

    @api.depends_context("uid", "lang")
    @api.depends("inspection_id", "external_id")
    def _compute_finding_text(self):
        """What was found and what became of it, one finding a line; of others, what was entered."""
        for row in self:
            if row.external_id:
                row.finding_text = row.external_id.summary
            elif row.inspection_id.has_access("read"):
                row.finding_text = row._own_findings()
            else:
                row.finding_text = False

    def _own_findings(self):
        grades = dict(codes.defects(self.env))
        findings = self.inspection_id.finding_ids.filtered(lambda it: it.state != "dropped")
        return "\n".join(
            "　".join(filter(None, (grades[it.grade], it.number, it.description, f"（{it._state_label(it.state)}）")))
            for it in findings)

    def _search_specialty_id(self, operator, value):
        return self._search_object("specialty_ids", "ctsp.specialty", operator, value)

    def _search_trial_id(self, operator, value):
        return self._search_object("trial_ids", "ctsp.trial", operator, value)

    @api.model
    def _search_object(self, field, model, operator, value):
        if operator == "ilike":
            value = list(self.env[model]._search([("display_name", "ilike", value)]))
        elif operator != "in":
            return NotImplemented
        # superuser: that an inspection looked at it is told to every regulator, its content is not
        own, others = (self.env[name].sudo()._search([(field, "in", value)])
                       for name in ("ctsp.inspection", "ctsp.inspection.external"))
        if operator == "in":  # ids, unlike sub-selects, reach the indexes below the union: 36 ms become 1 on a form
            own, others = list(own), list(others)
        return ["|", ("inspection_id", "in", own), ("external_id", "in", others)]

    def action_open_record(self):
        """Open the inspection itself, with the reader's own rights."""
        self.ensure_one()
        record = self.inspection_id or self.external_id
        if not record.has_access("read"):
            raise UserError(self.env._("This inspection is open to its team, planners, reviewers and leaders only."))
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")], "name": record.display_name}
