from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_filing.tests.common import FilingCase


class PlanCase(FilingCase):
    """A planner, inspectors who may be sent, two institutions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner, cls.inspector_user = cls.role("planner"), cls.role("inspector")
        cls.leader = cls.inspector("组长甲（示例）", is_leader=True, user_id=cls.inspector_user.id)
        cls.second_leader = cls.inspector("组长乙（示例）", is_leader=True)
        cls.member = cls.inspector("组员丙（示例）")
        cls.other_member = cls.inspector("组员丁（示例）")

    @classmethod
    def inspector(cls, name, **values):
        """Return an inspector whose certificates are in order."""
        person = cls.env["ctsp.inspector"].create({"name": name, "unit": "示例检查中心（示例）", **values})
        cls.env["ctsp.inspector.certificate"].create([
            {"inspector_id": person.id, "kind_id": kind.id, "number": f"示例-{person.id}-{kind.id}",
             "valid_to": "2099-12-31"} for kind in person._required_kinds()])
        return person

    @classmethod
    def plan(cls, kind="routine", institutions=None, **values):
        """Return a draft plan of the planner over ``institutions``."""
        return cls.env["ctsp.plan"].with_user(cls.planner).create({
            "kind": kind, "year": clock.today().year, "basis": "示例依据（示例）",
            **({"name": "示例专项检查（示例）"} if kind == "special" else {}),
            "line_ids": [
                Command.create({"institution_id": one.id, "date_due": clock.today().replace(month=12, day=28)})
                for one in (institutions or [cls.institution])],
            **values})

    @classmethod
    def published(cls, *args, **kwargs):
        plan = cls.plan(*args, **kwargs)
        plan.run_transition("publish")
        return plan

    @classmethod
    def assign(cls, line, leader=None, members=None, days=("2026-12-07", "2026-12-08"), reason="分派"):
        """Assign ``line`` as the planner does in the dialog."""
        wizard = cls.env["ctsp.plan.assign"].with_user(cls.planner).create({"line_ids": line.ids, "reason": reason})
        wizard.row_ids.write({
            "leader_id": (leader or cls.leader).id, "member_ids": [Command.set((members or cls.member).ids)],
            "date_from": days[0], "date_to": days[1]})
        wizard.action_apply()
        return line
