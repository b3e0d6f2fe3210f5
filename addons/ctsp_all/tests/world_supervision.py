"""What the supervision keeps about an institution: inspections beyond their findings, inspectors, plans, statistics."""
import base64

from odoo.fields import Command, Datetime

REPORTS = (
    "ctsp.filing.report", "ctsp.inspection.history", "ctsp.institution.report", "ctsp.person.report",
    "ctsp.specialty.report", "ctsp.trial.report",
)
"""statistics: rows of the database about the institution, found rather than made"""


class Supervision:
    """Part of :class:`World`."""

    def supervision(self):
        self.inspectors()
        self.recorded()
        self.dossier()
        self.answers()
        self.disclosed()
        self.planned()
        self.alerts()

    def inspectors(self):
        inspector = self.make("ctsp.inspector", name=f"Inspector of {self.mark}", unit=f"Unit {self.mark}")
        link = {"inspector_id": inspector.id}
        self.make("ctsp.inspector.certificate", **link, kind_id=self.item("inspector_certificate"),
                  number=f"I{self.mark}")
        self.make("ctsp.inspector.conflict", **link, institution_id=self.institution.id, kind="other")
        self.make("ctsp.inspector.leave", **link, kind="other", date_from="2026-05-01", date_to="2026-05-02")
        draw = self.make(
            "ctsp.inspector.draw", institution_id=self.institution.id, date_from="2026-06-01", date_to="2026-06-02")
        slot = self.records["ctsp.inspector.draw.slot"] = draw.slot_ids[:1]
        self.make(
            "ctsp.inspector.draw.candidate", draw_id=draw.id, slot_id=slot.id, **link, name=inspector.name, key="1")

    def recorded(self):
        """What a team leaves behind: evidence, operations, the approved version, inspections of other authorities."""
        inspection, line = self.records["ctsp.inspection"], self.records["ctsp.inspection.line"]
        link = {"inspection_id": inspection.id}
        inspection._set_state("onsite", "test")
        self.make("ctsp.inspection.evidence", **link, line_id=line.id, file_name="a.pdf",
                  data=base64.b64encode(b"%PDF-1.4 evidence"))
        inspection._set_state("rectification", "test")
        self.make("ctsp.inspection.operation", **link, line_id=line.id, operation=f"op-{self.mark}", revision=1,
                  user_id=self.env.uid, date=Datetime.now(), recorded={})
        self.make("ctsp.inspection.version", **link, version=9, content={})
        self.make("ctsp.inspection.external", institution_id=self.institution.id, authority=f"Authority {self.mark}",
                  date_start="2025-01-01")

    def dossier(self):
        dossier = self.make("ctsp.inspection.dossier", inspection_id=self.records["ctsp.inspection"].id)
        self.make("ctsp.inspection.dossier.trial", dossier_id=dossier.id, trial_id=self.records["ctsp.trial"].id)

    def answers(self):
        """More time asked for, and an answer handed in."""
        item = self.records["ctsp.rectification"]
        wanted = self.env["ctsp.workday"]._add(item.date_due, 1)
        self.make("ctsp.rectification.extension", rectification_id=item.id, reason="Late", date_wanted=wanted)
        self.make("ctsp.rectification.round", rectification_id=item.id, number=1)

    def disclosed(self):
        """A list of results for the public, on an inspection that is closed."""
        closed = self.records["ctsp.inspection"].copy({"institution_id": self.institution.id})
        closed._set_state("closed", "test")
        disclosure = self.make("ctsp.inspection.disclosure", name=f"List {self.mark}", line_ids=[
            Command.create({"inspection_id": closed.id})])
        self.records["ctsp.inspection.disclosure.line"] = disclosure.line_ids

    def planned(self):
        plan, line = self.records["ctsp.plan"], self.records["ctsp.plan.line"]
        self.make("ctsp.plan.task", plan_id=plan.id, name=f"Task {self.mark}")
        self.make("ctsp.plan.score", line_id=line.id, part="time", value=1, weight=1, points=1, sentence=self.mark)
        kind = self.env["ctsp.plan.change"]._fields["kind"].get_values(self.env)[0]
        self.make("ctsp.plan.change", plan_id=plan.id, line_id=line.id, institution_id=self.institution.id, kind=kind,
                  what="x", reason="y", user_id=self.env.uid)

    def alerts(self):
        self.records["ctsp.risk.alert"] = self.env["ctsp.risk.alert"]._raise([{
            "key": f"test:{self.mark}", "record": self.institution, "name": f"Alert {self.mark}", "level": "warning",
            "source": "deadline"}])
        tag = self.make("ctsp.tag", name=f"Tag {self.mark}", code=f"T{self.mark}", res_model="ctsp.institution")
        self.institution.tag_ids = tag
        self.env.flush_all()
        self.records["ctsp.tag.log"] = self.env["ctsp.tag.log"].search([("tag_id", "=", tag.id)], limit=1)

    def reports(self):
        for model in REPORTS:
            self.records[model] = self.env[model].search([("institution_id", "=", self.institution.id)], limit=1)
