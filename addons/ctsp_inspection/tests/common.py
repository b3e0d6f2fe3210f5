import base64
import uuid
from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_trial.tests.common import TrialCase

PROOF = {"file_name": "证明.pdf", "data": base64.b64encode(b"%PDF-1.4\n% sample\n%%EOF\n")}


class InspectionCase(TrialCase):
    """A small published library, a planner, a reviewer, and a team of two on an inspection of institution A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner, cls.reviewer = cls.role("planner"), cls.role("reviewer")
        cls.second = cls.inspector.copy({"login": "test_inspector_2", "name": "Second"})
        cls.stranger = cls.inspector.copy({"login": "test_inspector_3", "name": "Stranger"})
        cls.people = [cls.make_inspector(user) for user in (cls.inspector, cls.second, cls.stranger)]
        cls.library = cls.env["ctsp.clause.library"].create({
            "name": "测试要点（示例）", "code": "T1", "number": "T1", "date_from": "2024-03-01", "status": "sample",
            "section_ids": [Command.create({"name": "组织机构", "sequence": 1})]})
        cls.clauses = cls.env["ctsp.clause"].create([
            cls.clause("1.1", "critical"), cls.clause("1.2", "major"), cls.clause("1.3", "minor", photo_required=True),
            cls.clause("2.1", "minor", object="specialty")])
        cls.library.action_publish()

    @contextmanager
    def on(self, day):
        """Let everything happen on ``day``."""
        with patch.object(clock, "today", return_value=clock.as_date(day)):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    @classmethod
    def make_inspector(cls, user):
        inspector = cls.env["ctsp.inspector"].search([("user_id", "=", user.id)])
        return inspector or cls.env["ctsp.inspector"].create({"name": f"{user.name}（示例）", "user_id": user.id})

    @classmethod
    def clause(cls, number, grade, **values):
        return {"library_id": cls.library.id, "section_id": cls.library.section_ids.id, "number": number,
                "grade": grade, "object": "institution", "point": f"要点{number}", "content": f"内容{number}", **values}

    @classmethod
    def make(cls, **values):
        """Return a draft of the planner with a team of two and a specialty."""
        return cls.env["ctsp.inspection"].with_user(cls.planner).create({
            "institution_id": cls.a.id, "specialty_ids": [Command.set(cls.specialty_a.ids)],
            "library_id": cls.library.id, "date_planned_from": "2026-03-02", "date_planned_to": "2026-03-04",
            "member_ids": [
                Command.create({"inspector_id": cls.people[0].id, "role": "leader"}),
                Command.create({"inspector_id": cls.people[1].id})],
            **values})

    @classmethod
    def begun(cls, **values):
        """Return an inspection on site, as its leader."""
        inspection = cls.make(**values)
        inspection.run_transition("assign")
        inspection = inspection.with_user(cls.inspector)
        inspection.run_transition("start")
        for member in inspection.member_ids:
            member.with_user(member.user_id).declare(False)
        return inspection

    @classmethod
    def note(cls, line, **values):
        """Record ``values`` on ``line`` as its user; return the answer."""
        [answer] = cls.env["ctsp.inspection"].with_user(line.env.user).record(
            line.inspection_id.id, [cls.operation(line, **values)])
        return answer

    @classmethod
    def operation(cls, line, revision=None, identifier=None, **values):
        return {"id": identifier or str(uuid.uuid4()), "line": line.id,
                "revision": line.revision if revision is None else revision, "values": values}

    @classmethod
    def recorded(cls, inspection, nonconform=("1.2",)):
        """Record every clause and decide as proposed, ready for handing in."""
        for line in inspection.line_ids:
            if line.number in nonconform:
                cls.note(line, result="nonconform", description="培训记录不完整（示例）")
            else:
                cls.note(line, result="na" if line.photo_required else "conform")
        return cls.concluded(inspection)

    @classmethod
    def concluded(cls, inspection):
        """Decide as proposed, with a sound system, and say what was inspected."""
        inspection.action_propose()
        for row in inspection.conclusion_ids:
            row.sound_system = "sound"
            row.decided = row.proposed or "pass"
            row.reason = False if row.proposed else "示例"
        inspection.write({"summary": "检查了机构与专业（示例）", "handling": "rectify"})
        return inspection

    @classmethod
    def approved(cls, inspection):
        inspection.run_transition("submit")
        inspection = inspection.with_user(cls.reviewer)
        inspection.run_transition("review")
        inspection.run_transition("approve")
        return inspection
