from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_trial.tools.compose import compose

INST, SPEC, PERS, TRIAL = [("i", "=", 1)], [("s", "=", 1)], [("p", "=", 1)], [("t", "=", 1)]


@tagged("post_install", "-at_install")
class TestCompose(BaseCase):
    """Conditions of several sections become one domain; no database."""

    def test_own_section_only(self):
        self.assertEqual(compose("institution", {"institution": INST}), INST)

    def test_nothing_asked(self):
        self.assertEqual(compose("trial", {}), [])

    def test_everything_meets_in_one_part_of_a_trial(self):
        self.assertEqual(
            compose("institution", {"institution": INST, "specialty": SPEC, "person": PERS, "trial": TRIAL}),
            [*INST, ("trial_site_ids", "any", [
                ("specialty_id", "any", SPEC), ("pi_id", "any", PERS), ("trial_id", "any", TRIAL)])])

    def test_trials_by_institution_specialty_and_person(self):
        self.assertEqual(
            compose("trial", {"trial": TRIAL, "institution": INST, "specialty": SPEC}),
            [*TRIAL, ("site_ids", "any", [("institution_id", "any", INST), ("specialty_id", "any", SPEC)])])

    def test_without_trials_the_specialty_leads_to_its_investigator(self):
        self.assertEqual(
            compose("institution", {"specialty": SPEC, "person": PERS}),
            [("specialty_ids", "any", [*SPEC, ("pi_id", "any", PERS)])])

    def test_specialties_and_people_know_their_institution(self):
        self.assertEqual(
            compose("specialty", {"institution": INST, "trial": TRIAL}),
            [("institution_id", "any", INST), ("trial_site_ids", "any", [("trial_id", "any", TRIAL)])])
        self.assertEqual(compose("person", {"specialty": SPEC}), [("specialty_ids", "any", SPEC)])

    def test_unknown_names_are_refused(self):
        for level, sections in (("user", {}), ("trial", {"user": INST})):
            with self.subTest(level=level), self.assertRaises(ValueError):
                compose(level, sections)
