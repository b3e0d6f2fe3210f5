from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_clause.tools import codes

DECIDED = frozenset({"decided", "reason"})


class InspectionConclusion(models.Model):
    """The conclusion on the institution, on a specialty or on a trial: proposed by rule, decided by the leader.

    药物临床试验机构监督检查要点及判定原则（试行）(2023年第9号): drawn for the
    institution and each specialty separately.
    """

    _name = "ctsp.inspection.conclusion"
    _description = "Conclusion of an Inspection"
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.integrity.mixin"]
    _order = "inspection_id, sequence, id"
    _rec_name = "subject"
    _integrity_fields = {1: (
        "inspection_id", "object", "specialty_id", "trial_id", "proposed", "proposed_reason", "decided", "reason")}

    sequence = fields.Integer(readonly=True)
    object = fields.Selection(lambda self: codes.objects(self.env), required=True, readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, index="btree_not_null", ondelete="restrict")
    trial_id = fields.Many2one("ctsp.trial", readonly=True, index="btree_not_null", ondelete="restrict")
    subject = fields.Char("On", compute="_compute_subject")
    critical = fields.Integer(readonly=True)
    major = fields.Integer(readonly=True)
    minor = fields.Integer(readonly=True)
    proposed = fields.Selection(lambda self: codes.conclusions(self.env), readonly=True)
    proposed_reason = fields.Char("Why It Is Proposed", readonly=True)
    decided = fields.Selection(lambda self: codes.conclusions(self.env))
    reason = fields.Char("Why It Differs", help="Needed where the decision differs from the proposal.")

    @api.depends("object", "specialty_id.name", "trial_id.name")
    @api.depends_context("lang")
    def _compute_subject(self):
        for row in self:
            label = codes.label(codes.objects(self.env), row.object)
            name = row.specialty_id.name or row.trial_id.name or row.inspection_id.institution_id.name
            row.subject = self.env._("%(object)s: %(name)s", object=label, name=name)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - DECIDED:
                raise AccessError(self.env._("The proposal is made by the decision rules."))
            self._check_leader()
        return super().write(vals)

    def _check_leader(self):
        for inspection in self.inspection_id:
            if not inspection._can_record():
                raise UserError(self.env._(
                    "%(inspection)s is closed for recording: its conclusions are fixed.",
                    inspection=inspection.display_name))
            if not inspection._is_led():
                raise AccessError(self.env._("The team leader decides on the conclusions."))

    @api.model
    def _make(self, inspection):
        """Make the missing rows of an inspection: the institution, each specialty, each trial. Called as superuser."""
        rows = inspection.conclusion_ids
        present = {(row.object, row.specialty_id.id, row.trial_id.id) for row in rows}
        wanted = [
            ("institution", False, False), *(("specialty", row.id, False) for row in inspection.specialty_ids),
            *(("trial", False, row.id) for row in inspection.trial_ids)]
        rows.filtered(lambda row: (row.object, row.specialty_id.id, row.trial_id.id) not in wanted).unlink()
        self.create([
            {"inspection_id": inspection.id, "sequence": number, "object": key[0], "specialty_id": key[1],
             "trial_id": key[2]}
            for number, key in enumerate(wanted, 1) if key not in present])

    def _refresh(self):
        """Propose anew from the findings as they are; a decision stays. Called as superuser."""
        for row in self:
            counts = row._counts()
            proposed, sentence = self.env["ctsp.decision.rule"]._propose(
                row.object, counts, row.inspection_id.date_start)
            values = {**counts, "proposed": proposed, "proposed_reason": sentence}
            if any(row[name] != value for name, value in values.items()):
                row.write(values)

    def _counts(self):
        """Count the findings that bear on the row; those on the ethics committee count for the institution."""
        findings = self.inspection_id.finding_ids.filtered(lambda finding: finding.state != "dropped")
        if self.object == "institution":
            mine = findings.filtered(lambda finding: not finding.specialty_id and not finding.trial_id)
        else:
            mine = findings.filtered(
                lambda finding: (finding.specialty_id, finding.trial_id) == (self.specialty_id, self.trial_id))
        return {grade: len(mine.filtered(lambda finding, g=grade: finding.grade == g)) for grade in codes.GRADES}
