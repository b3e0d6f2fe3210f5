from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_clause.tools import codes

DECIDED = frozenset({"decided", "reason", "sound_system", "system_reason"})
CHECKED = ("conform", "nonconform")
"""results of clauses on which a conclusion rests"""


class InspectionConclusion(models.Model):
    """The conclusion on the institution, on a specialty or on a trial: proposed by rule, decided by the leader.

    There is one for whatever clauses were checked on, and none for what was not looked at. Nothing is proposed while a
    clause that must be checked (``inspection.required_grades``) is unchecked. Where a decision rule asks for a sound
    quality system (管理体系健全) the leader states whether it is.
    药物临床试验机构监督检查要点及判定原则（试行）(2023年第9号): drawn for the
    institution and each specialty separately.
    """

    _name = "ctsp.inspection.conclusion"
    _description = "Conclusion of an Inspection"
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.integrity.mixin"]
    _order = "inspection_id, sequence, id"
    _rec_name = "subject"
    _integrity_fields = {
        1: ("inspection_id", "object", "specialty_id", "trial_id", "proposed", "proposed_reason", "decided", "reason"),
        2: ("inspection_id", "object", "specialty_id", "trial_id", "proposed", "proposed_reason", "decided", "reason",
            "sound_system", "system_reason"),
    }

    sequence = fields.Integer(readonly=True)
    object = fields.Selection(lambda self: codes.objects(self.env), required=True, readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, index="btree_not_null", ondelete="restrict")
    trial_id = fields.Many2one("ctsp.trial", readonly=True, index="btree_not_null", ondelete="restrict")
    subject = fields.Char("On", compute="_compute_subject")
    critical = fields.Integer(readonly=True)
    major = fields.Integer(readonly=True)
    minor = fields.Integer(readonly=True)
    sound_system = fields.Selection(
        [("sound", "Sound"), ("unsound", "Not Sound")], "Quality System",
        help="Whether the quality management system was found sound; the decision rules ask for it.")
    system_reason = fields.Char("Why Sound or Not", help="Needed where it is not sound.")
    asks_system = fields.Boolean(compute="_compute_asks_system")
    proposed = fields.Selection(lambda self: codes.conclusions(self.env), readonly=True)
    proposed_reason = fields.Char("Why It Is Proposed", readonly=True)
    decided = fields.Selection(lambda self: codes.conclusions(self.env))
    reason = fields.Char("Why It Differs", help="Needed where the decision differs from the proposal.")
    revision = fields.Integer(default=0, readonly=True, aggregator=None, help="Grows with each decision.")
    recorded_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    recorded_at = fields.Datetime(readonly=True)

    @api.depends("object", "specialty_id.name", "trial_id.name")
    @api.depends_context("lang")
    def _compute_subject(self):
        for row in self:
            label = codes.label(codes.objects(self.env), row.object)
            name = row.specialty_id.name or row.trial_id.name or row.inspection_id.institution_id.name
            row.subject = self.env._("%(object)s: %(name)s", object=label, name=name)

    @api.depends("object", "inspection_id.date_start")
    def _compute_asks_system(self):
        asks = {}  # screens ask every few seconds
        for row in self:
            key = row.object, row.inspection_id.date_start
            if key not in asks:
                asks[key] = self.env["ctsp.decision.rule"]._asks_system(*key)
            row.asks_system = asks[key]

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - DECIDED:
                raise AccessError(self.env._("The proposal is made by the decision rules."))
            self._check_leader()
            self._take_turns()  # else neither of two decisions saw all of them decided
        if DECIDED & vals.keys():
            for row in self:  # each has a revision of its own
                super(InspectionConclusion, row).write({
                    **vals, "revision": row.revision + 1, "recorded_by": self.env.uid,
                    "recorded_at": fields.Datetime.now()})
        else:
            super().write(vals)
        if {"sound_system", "system_reason"} & vals.keys():
            self.sudo()._refresh()  # superuser: the proposal is the system's own
        return True

    def _record_values(self):
        """Return the conclusion as the recording screen and the mobile client show it."""
        self.ensure_one()
        return {
            "id": self.id, "revision": self.revision, "subject": self.subject, "critical": self.critical,
            "major": self.major, "minor": self.minor, "proposed": self.proposed or False,
            "proposed_reason": self.proposed_reason or "", "decided": self.decided or False,
            "reason": self.reason or "", "asks_system": self.asks_system, "sound_system": self.sound_system or False,
            "system_reason": self.system_reason or "", "recorded_by": self.recorded_by.name or "",
            "recorded_at": fields.Datetime.to_string(self.recorded_at) if self.recorded_at else False,
        }

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
        """Make a row for each object that clauses were checked on, take away the others. Called as superuser."""
        rows = inspection.conclusion_ids
        present = {row._subject_key() for row in rows}
        wanted = self._subjects(inspection)
        rows.filtered(lambda row: row._subject_key() not in wanted).unlink()
        self.create([
            {"inspection_id": inspection.id, "sequence": number, "object": key[0], "specialty_id": key[1],
             "trial_id": key[2]}
            for number, key in enumerate(wanted, 1) if key not in present])

    @api.model
    def _subjects(self, inspection):
        """Return the keys of what was checked: the institution (its ethics committee counts with it) first."""
        checked = inspection.line_ids.filtered(lambda line: line.result in CHECKED)
        keys = {self._line_subject(line) for line in checked}
        return sorted(keys, key=lambda key: (("institution", "specialty", "trial").index(key[0]), key[1], key[2]))

    @api.model
    def _line_subject(self, line):
        if line.specialty_id:
            return "specialty", line.specialty_id.id, False
        return ("trial", False, line.trial_id.id) if line.trial_id else ("institution", False, False)

    def _subject_key(self):
        return self.object, self.specialty_id.id, self.trial_id.id

    def _refresh(self):
        """Propose anew from the findings as they are; a decision stays. Called as superuser."""
        for row in self:
            counts = row._counts()
            proposed, sentence = row._proposal(counts)
            values = {**counts, "proposed": proposed, "proposed_reason": sentence}
            if any(row[name] != value for name, value in values.items()):
                row.write(values)

    def _proposal(self, counts):
        """Return ``(conclusion or False, sentence)``; what was left unchecked is part of the sentence."""
        unchecked = self.inspection_id.line_ids.filtered(
            lambda line: line.result == "unchecked" and self._line_subject(line) == self._subject_key())
        required = unchecked.filtered(lambda line: line.clause_grade in self.inspection_id._required_grades())
        if required:
            return False, self.env._(
                "Nothing is proposed: clauses that must be checked are not checked yet (%(clauses)s).",
                clauses=self.inspection_id._named_lines(required))
        system = {"sound_system": self.sound_system == "sound", "system_reason": self.system_reason}
        proposed, sentence = self.env["ctsp.decision.rule"]._propose(
            self.object, counts | (system if self.sound_system else {}), self.inspection_id.date_start)
        if unchecked:
            sentence += self.env._(" %(count)s clauses were not checked.", count=len(unchecked))
        return proposed, sentence

    def _counts(self):
        """Count the findings that bear on the row; those on the ethics committee count for the institution."""
        findings = self.inspection_id._lines_found()
        if self.object == "institution":
            mine = findings.filtered(lambda finding: not finding.specialty_id and not finding.trial_id)
        else:
            mine = findings.filtered(
                lambda finding: (finding.specialty_id, finding.trial_id) == (self.specialty_id, self.trial_id))
        return {grade: len(mine.filtered(lambda finding, g=grade: finding.grade == g)) for grade in codes.GRADES}
