from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestSpecialty(RegistryCase):
    """Specialties, the requirements on their investigators, and committees."""

    def prove(self, count):
        proof = self.item("trial_proof", "approval")
        self.person.experience_ids = [
            Command.create({"trial_name": f"示例试验{number}（示例）", "proof_kind_ids": [Command.set(proof.ids)]})
            for number in range(count)
        ]

    def test_investigator_needs_proof(self):
        """Two proven trials and one without proof do not satisfy 2019 No. 101; the third proof and GCP training do."""
        self.prove(2)
        self.person.experience_ids = [Command.create({"trial_name": "无证明（示例）"})]
        self.person.gcp_ids = [Command.create({"certificate_no": "G1", "date": "2026-01-01"})]
        self.assertEqual(self.specialty.pi_state, "unmet")
        self.assertIn("2", self.specialty.pi_check)
        self.prove(1)
        self.assertEqual((self.person.proven_trial_count, self.specialty.pi_state), (3, "met"))

    def test_facet_agrees_with_the_check(self):
        """The facet finds exactly the specialties whose badge says so."""
        self.prove(3)
        self.person.gcp_ids = [Command.create({"certificate_no": "G1", "date": "2026-01-01"})]
        discipline = self.env["ctsp.discipline"].create({"code": "T98", "name": "测试专业二（示例）"})
        bare = self.env["ctsp.specialty"].create({
            "institution_id": self.institution.id, "discipline_id": discipline.id})
        beginner = self.env["ctsp.person"].create({"name": "初级（示例）", "institution_id": self.institution.id})
        junior = self.env["ctsp.specialty"].create({
            "institution_id": self.institution.id, "discipline_id": discipline.id, "name": "测试专业三（示例）",
            "pi_id": beginner.id})
        own = [("institution_id", "=", self.institution.id)]
        for specialty, state in ((self.specialty, "met"), (bare, "none"), (junior, "unmet")):
            self.assertEqual(specialty.pi_state, state)
            self.assertEqual(self.env["ctsp.specialty"].search([*own, ("pi_state", "=", state)]), specialty)

    def test_parameter_decides(self):
        """The number of trials is the parameter of the day, not a constant."""
        self.prove(3)
        self.person.gcp_ids = [Command.create({"certificate_no": "G1", "date": "2026-01-01"})]
        parameter = self.env["ctsp.parameter"].search([("code", "=", "filing.pi_min_trials")])
        parameter.value_ids = [Command.create({"valid_from": "2026-01-01", "value": "5"})]
        self.assertEqual(self.specialty.pi_state, "unmet")

    def test_strangers_are_refused(self):
        """Investigator and sites belong to the institution of the specialty."""
        other = self._institution("示例第二医院（示例）")
        stranger = self.env["ctsp.person"].create({"name": "外人（示例）", "institution_id": other.id})
        for values in ({"pi_id": stranger.id}, {"co_pi_ids": [Command.link(stranger.id)]},
                       {"site_ids": [Command.link(other.site_ids.id)]}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.specialty.write(values)

    def test_filed_once(self):
        """An institution files a specialty of a name once; a cancelled one may be filed anew."""
        values = {"institution_id": self.institution.id, "discipline_id": self.discipline.id}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["ctsp.specialty"].create(values)
        self.specialty.write({"state": "cancelled", "cancelled_date": "2099-02-01"})
        self.assertTrue(self.env["ctsp.specialty"].create(values))

    def test_committee_composition(self):
        """Ethics Review Measures 2023: seven members, both sexes, an outsider, law and non-medical backgrounds."""
        law, medical = self.item("member_background", "law"), self.item("member_background", "medical")
        self.committee.member_ids = [
            Command.create({
                "name": f"委员{number}（示例）", "gender": "female" if number % 2 else "male",
                "background_id": medical.id}) for number in range(6)
        ]
        self.assertEqual(self.committee.composition_state, "unmet")
        self.committee.member_ids = [Command.create({
            "name": "律师（示例）", "gender": "male", "background_id": law.id, "is_external": True})]
        self.assertEqual(self.committee.composition_state, "met")
        self.assertIn(self.committee, self.env["ctsp.ethics.committee"].search([("composition_state", "=", "met")]))
        self.committee.member_ids.filtered(lambda member: member.gender == "female").write({"gender": "male"})
        self.assertEqual(self.committee.composition_state, "unmet")
        self.assertIn(self.committee, self.env["ctsp.ethics.committee"].search([("composition_state", "=", "unmet")]))

    def test_one_chair(self):
        """A committee has one chair, and lists a person once."""
        with self.assertRaises(ValidationError):
            self.committee.member_ids = [
                Command.create({"name": name, "role": "chair"}) for name in ("甲（示例）", "乙（示例）")]
        with self.assertRaises(ValidationError):
            self.committee.member_ids = [Command.create({"person_id": self.person.id}) for _twice in range(2)]

    def test_list_costs_a_constant_number_of_queries(self):
        """Eighty specialties with their PI badge cost as many queries as ten."""
        for number in range(80):
            self.env["ctsp.specialty"].create({
                "institution_id": self.institution.id, "discipline_id": self.discipline.id,
                "name": f"批量专业{number}（示例）", "pi_id": self.person.id})
        model = self.env["ctsp.specialty"].with_user(self.role("regulator"))
        names = ["institution_id", "name", "pi_id", "pi_title_id", "filed_date", "pi_state", "state"]

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.search_fetch([("name", "like", "批量专业")], limit=limit).read(names)
            return self.env.cr.sql_log_count - before

        cost(10)
        self.assertEqual(cost(80), cost(10))
