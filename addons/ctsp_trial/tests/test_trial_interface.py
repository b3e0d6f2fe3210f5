from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TrialCase

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestTrialInterface(TrialCase):
    """An interface account that keeps trials: those it put in, the facts of the register, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = new_test_user(cls.env, "trial_program", groups="ctsp_trial.group_interface_trial")
        cls.twin = new_test_user(cls.env, "trial_program_2", groups="ctsp_trial.group_interface_trial")

    def kept(self, **values):
        return self.env["ctsp.trial"].with_user(self.program).create(
            {"name": "示例试验（示例）", "ctr_no": "CTR20990701", **values})

    def test_own_trials(self):
        trial = self.kept(planned_total=10)
        trial.write({"planned_total": 20, "status_note": "暂停（示例）"})
        self.assertEqual(self.env["ctsp.trial"].with_user(self.program).search([]), trial)
        for user in (self.twin, self.role("interface")):
            with self.assertRaises(AccessError):
                trial.with_user(user).write({"planned_total": 1})
        with self.assertRaises(AccessError):
            self.trial("Other").with_user(self.program).write({"planned_total": 1})
        with self.assertRaises(AccessError):
            trial.unlink()
        self.assertIn(trial, self.env["ctsp.trial"].with_user(self.officer).search([]), "supervision sees it")

    def test_fields(self):
        """What is not a fact of the register is refused by its label, and a trial without a CTR number."""
        trial = self.kept()
        for name, value in (("note", "x"), ("active", False), ("site_ids", []), ("party_ids", []), ("tag_ids", [])):
            with self.assertRaises(AccessError) as caught:
                trial.write({name: value})
            self.assertIn(trial._fields[name].get_description(self.env, ["string"])["string"], str(caught.exception))
        for change in (lambda: trial.write({"ctr_no": False}), lambda: self.kept(ctr_no=""), trial.copy):
            with self.assertRaises(AccessError):
                change()

    def test_nothing_else(self):
        """On every other model of the platform it may do what an interface account may, no more."""
        plain = self.role("interface")
        for model in (name for name in self.env if name.startswith("ctsp.") and name != "ctsp.trial"):
            for operation in OPERATIONS:
                may = [self.env[model].with_user(user).has_access(operation) for user in (self.program, plain)]
                self.assertEqual(*may, f"{model} {operation}")
