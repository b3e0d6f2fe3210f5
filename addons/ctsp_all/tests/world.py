"""One institution with a record of every model, made in superuser mode: its own, or the platform's."""
import base64
import io

from odoo.fields import Date

from odoo.addons.ctsp_base.tools.digest import sm3

from .world_platform import Platform
from .world_supervision import Supervision


class World(Supervision, Platform):
    """What belongs to one outside company, and beside it a record of each model that belongs to nobody.

    :param mark: a letter that keeps names and codes of several worlds apart
    """

    def __init__(self, env, company, user, mark):
        self.env, self.company, self.user, self.mark = env, company, user, mark
        self.records = {}
        self.shared = {"ctsp.trial"}  # models whose records several institutions take part in, or all see
        self.registry()
        self.trials()
        self.filings()
        self.annual_report()
        self.engines()
        self.reported()
        self.inspection()
        self.rectification()
        self.plan()
        self.supervision()
        env.flush_all()
        self.reports()
        self.platform()
        env.flush_all()

    def make(self, model, **values):
        """Create a record and remember it as this world's record of its model."""
        record = self.env[model].create(values)
        self.records[model] = record
        return record

    def item(self, code):
        return self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", code)], limit=1).id

    def registry(self):
        number = ord(self.mark)
        institution = self.make(
            "ctsp.institution", name=f"Hospital {self.mark}", partner_id=self.company.id, state="filed",
            record_no=f"药临床机构备字2097{number:06d}", first_filed_date="2020-01-01")
        self.institution = institution
        link = {"institution_id": institution.id}
        self.make("ctsp.institution.former.name", **link, name=f"Old {self.mark}")
        self.make("ctsp.site", **link, name="Main", address="1 Road", is_main=True)
        self.make("ctsp.licence", **link, kind_id=self.item("licence_kind"), number=f"L{self.mark}")
        person = self.make("ctsp.person", **link, name=f"Person {self.mark}", mobile="13912345678")
        self.make("ctsp.person.post", person_id=person.id, **link, post_id=self.item("post"))
        self.make("ctsp.person.gcp", person_id=person.id, certificate_no=f"G{self.mark}", date=Date.today())
        self.make("ctsp.person.experience", person_id=person.id, trial_name=f"Trial {self.mark}")
        self.make("ctsp.specialty", **link, pi_id=person.id,
                  discipline_id=self.env["ctsp.discipline"].search([], limit=1).id)
        committee = self.make("ctsp.ethics.committee", **link, name=f"Committee {self.mark}")
        self.make("ctsp.ethics.member", committee_id=committee.id, name=f"Member {self.mark}")
        self.records["ctsp.institution.version"] = institution._make_version(reason="test")

    def trials(self):
        trial = self.make("ctsp.trial", name=f"Trial {self.mark}")
        site = self.make(
            "ctsp.trial.site", trial_id=trial.id, institution_id=self.institution.id,
            specialty_id=self.records["ctsp.specialty"].id)
        self.make(
            "ctsp.trial.contract", site_id=site.id, name=f"Contract {self.mark}", date=Date.today(), amount=1)
        self.make("ctsp.trial.party", trial_id=trial.id, role="sponsor", organization_id=self.env[
            "ctsp.organization"].create({"name": f"Sponsor {self.mark}", "is_sponsor": True}).id)
        self.make("ctsp.trial.protocol", trial_id=trial.id, version="1.0", date=Date.today())

    def filings(self):
        filing = self.make(
            "ctsp.filing", kind="change", institution_id=self.institution.id, applicant_id=self.company.id,
            name=self.institution.name)
        link = {"filing_id": filing.id}
        self.make("ctsp.filing.site", **link, name="New", address="2 Road")
        self.make("ctsp.filing.licence", **link, kind_id=self.item("licence_kind"), number=f"N{self.mark}")
        person = self.make("ctsp.filing.person", **link, name=f"New {self.mark}")
        self.make("ctsp.filing.experience", person_line_id=person.id, trial_name="Trial")
        self.make("ctsp.filing.specialty", **link, discipline_id=self.env["ctsp.discipline"].search([], limit=1).id)
        committee = self.make("ctsp.filing.committee", **link, name=f"New committee {self.mark}")
        self.make("ctsp.filing.member", committee_line_id=committee.id, name="Member")
        kind = self.env["ctsp.filing.attachment.kind"].search([], limit=1)
        self.make("ctsp.filing.attachment", **link, kind_id=kind.id, file_name="a.pdf",
                  data=base64.b64encode(b"%PDF-1.4 attachment"))
        self.make("ctsp.filing.remark", **link, text="Mend this")
        self.make("ctsp.filing.checklist", **link, name="Complete?")
        self.make("ctsp.deadline", kind="first_inspection", reason="new_specialty",
                  institution_id=self.institution.id, date_start=Date.today(), days=60, date_due=Date.today())

    def annual_report(self):
        campaign = self.env["ctsp.annual.campaign"].search([("year", "=", 2019)]) or self.env[
            "ctsp.annual.campaign"].create({"year": 2019})
        report = self.make("ctsp.annual.report", campaign_id=campaign.id, institution_id=self.institution.id)
        self.share("ctsp.annual.campaign", campaign)
        section = self.env["ctsp.annual.section"].search([("kind", "=", "table")], limit=1)
        self.make("ctsp.annual.row", report_id=report.id, section_id=section.id, title=f"Row {self.mark}")
        self.records["ctsp.annual.answer"] = report.answer_ids[:1]
        self.records["ctsp.annual.figure"] = report.figure_ids[:1]

    def engines(self):
        """Send the filing once round, with the checks switched off meanwhile: it is not complete."""
        filing = self.records["ctsp.filing"]
        checks = self.env["ctsp.check"].search([("level", "!=", "off")])
        levels = {check: check.level for check in checks}
        checks.level = "off"
        filing.run_transition("submit")
        filing.run_transition("accept")
        filing.run_transition("return", reason="Mend")
        for check, level in levels.items():
            check.level = level
        filing.action_run_checks()
        self.records["ctsp.desk.notice"] = self.env["ctsp.desk.notice"].search([("res_id", "=", filing.id)], limit=1)
        self.records["ctsp.workflow.log"] = filing.transition_log_ids[:1]
        self.records["ctsp.check.result"] = filing.check_result_ids[:1]

    def reported(self):
        """What the institution's system sent by the open interfaces: one row, which is bad."""
        content = b'[{"system": "EDC"}]'
        submission, _again = self.env["ctsp.dataset.submission"]._receive(
            self.env["ctsp.dataset"]._find("log_path"), self.company, f"request-{self.mark}", io.BytesIO(content),
            "json", sm3(content), len(content))
        self.records["ctsp.dataset.submission"] = submission
        self.records["ctsp.dataset.finding"] = submission.finding_ids[:1]
        self.records["ctsp.dataset.report"] = self.env["ctsp.dataset.report"].browse(submission.id)
        self.make("ctsp.dataset.link", submission_id=submission.id, row=1, name="Record",
                  res_model="ctsp.institution", res_id=self.institution.id)
        self.make("ctsp.dataset.portion", submission_id=submission.id, first=0, count=1)
        self.make("ctsp.dataset.conformance", partner_id=self.company.id, dataset_id=submission.dataset_id.id)
        self.make("ctsp.dataset.call", partner_id=self.company.id, target="/ctsp/open/v1/datasets")
        by_hand = self.env["ctsp.dataset"]._find("recent_trials").dataset_id
        self.make("ctsp.dataset.file", owner_partner_id=self.company.id, dataset_id=by_hand.id,
                  file_name=f"{self.mark}.json", data=base64.b64encode(content))
        webhook = self.make(
            "ctsp.dataset.webhook", owner_partner_id=self.company.id, url=f"https://hook{self.mark}.example.org/")
        self.make("ctsp.dataset.delivery", webhook_id=webhook.id, event="ping")
        self.make("ctsp.dataset.upload", partner_id=self.company.id, version_id=submission.version_id.id,
                  request_id=f"upload-{self.mark}", kind="csv", size=1, digest="0" * 64, expires_at="2099-01-01")

    def inspection(self):
        """An inspection after its findings were issued: what the team recorded, and a paper that was released."""
        library = self.env["ctsp.clause.library"].create({
            "name": f"Library {self.mark}", "code": f"W{self.mark}", "number": f"W{self.mark}", "status": "sample",
            "date_from": "2024-03-01"})
        section = self.env["ctsp.clause.section"].create({"library_id": library.id, "name": "Section"})
        self.env["ctsp.clause"].create({
            "library_id": library.id, "section_id": section.id, "number": "1.1", "object": "institution",
            "point": "Point", "content": "Content", "grade": "major"})
        library.action_publish()
        inspector = self.env["ctsp.inspector"].create({"name": f"Inspector {self.mark}"})
        inspection = self.make(
            "ctsp.inspection", institution_id=self.institution.id, library_id=library.id,
            date_planned_from="2026-03-02", date_planned_to="2026-03-03")
        self.make("ctsp.inspection.member", inspection_id=inspection.id, inspector_id=inspector.id, role="leader")
        inspection._lines_make()
        line = self.records["ctsp.inspection.line"] = inspection.line_ids[:1]
        self.make("ctsp.inspection.conclusion", inspection_id=inspection.id, object="institution")
        self.make(
            "ctsp.finding", inspection_id=inspection.id, line_id=line.id, clause_id=line.clause_id.id,
            institution_id=self.institution.id, object="institution", description="Defect", grade="major")
        self.records["ctsp.finding"].run_transition("issue")
        inspection._set_state("onsite", "test")
        document = self.records["ctsp.document"] = inspection._document_make("inspection_notice")
        inspection._set_state("rectification", "test")
        document.write({"data": base64.b64encode(b"%PDF-1.4 paper")})
        document._set_state("final", "test")
        document.write({"released_at": "2026-03-05 08:00:00"})
        self.records["ctsp.document.input"] = document.input_ids[:1]
        self.records["ctsp.document.signature"] = document.signature_ids[:1]

    def rectification(self):
        finding = self.records["ctsp.finding"]
        items = self.env["ctsp.rectification"]
        item = self.records["ctsp.rectification"] = items.search([("finding_id", "=", finding.id)])
        self.make("ctsp.rectification.file", rectification_id=item.id, file_name="a.pdf",
                  data=base64.b64encode(b"%PDF-1.4 proof"))
        self.make("ctsp.rectification.objection", rectification_id=item.id, reason="Not so")

    def plan(self):
        plan = self.make("ctsp.plan", kind="special", name=f"Campaign {self.mark}", year=2026,
                         date_from="2026-01-01", date_to="2026-12-31")
        self.make("ctsp.plan.line", plan_id=plan.id, institution_id=self.institution.id)
