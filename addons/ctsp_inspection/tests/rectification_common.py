from odoo.fields import Command

from .common import PROOF, InspectionCase

ANSWER = {"cause": "人员培训不足（示例）", "correction": "已补充培训记录（示例）", "prevention": "修订培训制度（示例）"}


class RectificationCase(InspectionCase):
    """An inspection of institution A whose findings are issued: critical 1.1, major 1.2, minor 2.1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = cls.issued()
        cls.items = cls.inspection.rectification_ids.with_env(cls.env)
        cls.critical, cls.major, cls.minor = (
            cls.items.filtered(lambda item, grade=grade: item.grade == grade)
            for grade in ("critical", "major", "minor"))

    @classmethod
    def issued(cls, nonconform=("1.1", "1.2", "2.1"), **values):
        inspection = cls.approved(cls.recorded(cls.begun(**values), nonconform))
        inspection.run_transition("rectify")
        return inspection

    def answer(self, items, **values):
        """Answer as the user of institution A, with a file each."""
        for item in items.with_user(self.user_a):
            item.write({**ANSWER, "file_ids": [Command.create(PROOF)], **values})
            item.run_transition("answer")

    def corrected(self, line, **values):
        """Correct the inspection by a recording on ``line``, approve it and issue what came out."""
        inspection = self.inspection
        inspection.run_transition("correct", "现场记录有误（示例）")
        self.assertEqual(self.note(line, **values)["status"], "done")
        self.concluded(inspection.with_user(line.env.user))
        self.approved(inspection.with_user(line.env.user))
        inspection.run_transition("rectify")

    def alerts(self, inspection=None):
        """Return ``{level: state}`` of the alerts about late rectification of an inspection."""
        keys = (inspection or self.inspection)._rectification_alert_keys()
        return {alert.level: alert.state for alert in self.env["ctsp.risk.alert"].search([("dedup_key", "in", keys)])}
