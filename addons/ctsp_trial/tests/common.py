from odoo.fields import Command

from odoo.addons.ctsp_base.tests.common import CtspCase


class TrialCase(CtspCase):
    """Two invented institutions A and B with a specialty, an investigator and a user each; trials made on demand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer, cls.leader = cls.role("filing_officer"), cls.role("leader")
        cls.steward, cls.inspector = cls.role("data_steward"), cls.role("inspector")
        cls.district = cls.env["ctsp.district"].search([], limit=1)
        cls.discipline = cls.env["ctsp.discipline"].search([], limit=1)
        cls.company_a, cls.user_a = cls.outside("A")
        cls.company_b, cls.user_b = cls.outside("B")
        cls.a = cls.make_institution("示例甲医院（示例）", cls.company_a, "药临床机构备字2099900001")
        cls.b = cls.make_institution("示例乙医院（示例）", cls.company_b, "药临床机构备字2099900002")
        cls.pi_a, cls.specialty_a = cls.make_specialty(cls.a)
        cls.pi_b, cls.specialty_b = cls.make_specialty(cls.b)
        cls.sponsor = cls.env["ctsp.organization"].create({"name": "示例药业（示例）", "is_sponsor": True})

    @classmethod
    def make_institution(cls, name, company, record_no):
        return cls.env["ctsp.institution"].create({
            "name": name, "partner_id": company.id, "record_no": record_no, "state": "filed",
            "district_id": cls.district.id, "level_id": cls.item("institution_level", "3a").id})

    @classmethod
    def make_specialty(cls, institution):
        person = cls.env["ctsp.person"].create({
            "name": "示例研究者（示例）", "institution_id": institution.id,
            "title_id": cls.item("professional_title", "chief_physician").id})
        specialty = cls.env["ctsp.specialty"].create({
            "institution_id": institution.id, "discipline_id": cls.discipline.id, "pi_id": person.id,
            "filed_date": "2020-01-06"})
        return person, specialty

    @classmethod
    def item(cls, dictionary, code):
        return cls.env["ctsp.dictionary.item"]._item(dictionary, code)

    @classmethod
    def trial(cls, name="示例试验（示例）", institutions=(), **values):
        """Return a trial under way in which ``institutions`` take part, the first one leading."""
        specialties = {cls.a: cls.specialty_a, cls.b: cls.specialty_b}
        return cls.env["ctsp.trial"].create({
            "name": name,
            "phase_id": cls.item("trial_phase", "iii").id,
            "status_id": cls.item("trial_status", "recruiting").id,
            "site_ids": [
                Command.create({
                    "institution_id": institution.id, "specialty_id": specialties[institution].id,
                    "role": "part" if index else "lead", "planned": 10, "actual": 4})
                for index, institution in enumerate(institutions)],
            **values,
        })
