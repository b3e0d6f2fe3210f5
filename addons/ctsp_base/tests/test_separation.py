from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools.separation import ADMINISTRATORS, ALMIGHTY


@tagged("post_install", "-at_install")
class TestSeparation(CtspCase):
    """Separation of powers (GB/T 22239-2019 8.1.5): holds on users and on groups, for the superuser too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrators = [cls.env.ref(name) for name in ADMINISTRATORS]
        cls.almighty = [cls.env.ref(name) for name in ALMIGHTY]

    def refused(self):
        return self.assertRaises(ValidationError)

    def test_no_role_leads_to_almighty_groups(self):
        category = self.env.ref("ctsp_base.module_category")
        roles = self.env["res.groups"].search([("privilege_id.category_id", "=", category.id)])
        self.assertGreater(len(roles), 12)
        for role in roles:
            self.assertFalse(role.all_implied_ids & self.env["res.groups"].union(*self.almighty), role.name)

    def test_administrators_exclude_each_other(self):
        system, security, audit = self.administrators
        for first, second in ((system, security), (security, audit), (audit, system)):
            user = self.env["res.users"].create({
                "name": "X", "login": f"x{first.id}", "group_ids": [Command.set([first.id])],
            })
            with self.refused(), self.cr.savepoint():
                user.group_ids += second
            with self.refused(), self.cr.savepoint():
                second.user_ids += user
            with self.refused(), self.cr.savepoint():
                second.write({"user_ids": [Command.link(user.id)]})
            middle = self.env["res.groups"].create({"name": "Middle", "implied_ids": [Command.link(second.id)]})
            with self.refused(), self.cr.savepoint():
                user.group_ids += middle

    def test_an_administrator_may_also_do_business(self):
        user = self.role("system_admin", "filing_officer")
        self.assertTrue(user.has_group("ctsp_base.group_filing_officer"))

    def test_implied_groups_are_no_way_around(self):
        system, security, _audit = self.administrators
        officer = self.env.ref("ctsp_base.group_filing_officer")
        internal = self.env.ref("base.group_user")
        for group in self.almighty:
            for low in (officer, internal, system, self.env.ref("base.group_portal")):
                with self.refused(), self.cr.savepoint():
                    low.implied_ids += group
                with self.refused(), self.cr.savepoint():
                    group.write({"implied_by_ids": [Command.link(low.id)]})
            middle = self.env["res.groups"].create({"name": "Middle", "implied_ids": [Command.link(group.id)]})
            with self.refused(), self.cr.savepoint():
                officer.implied_ids += middle
            innocent = self.env["res.groups"].create({"name": "Innocent"})
            officer.implied_ids += innocent
            with self.refused(), self.cr.savepoint():
                innocent.implied_ids += middle
        with self.refused(), self.cr.savepoint():
            system.implied_ids += security

    def test_implying_a_second_administrator_for_its_holders(self):
        security = self.administrators[1]
        self.role("system_admin", "planner")
        with self.refused(), self.cr.savepoint():
            self.env.ref("ctsp_base.group_planner").implied_ids += security

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_administrators_cannot_help_themselves(self):
        """Raw RPC of each administrator on users, groups and their models is refused."""
        system = self.env.ref("base.group_system")
        for name in ("system_admin", "security_admin", "audit_admin"):
            user = self.role(name)
            me, group = self.env.user.with_user(user).browse(user.id), self.administrators[0].with_user(user)
            for attack in (
                lambda me=me: me.write({"group_ids": [Command.link(system.id)]}),
                lambda me=me: me.write({"name": "x", "group_ids": [Command.link(system.id)]}),
                lambda me=me: me.write({"role": "group_system"}),
                lambda me=me: me.create({"name": "y", "login": "y"}),
                lambda me=me: me.copy(),
                lambda me=me: me.browse(2).write({"password": "x"}),
                lambda me=me: me.browse(2).write({"login": "x"}),
                lambda group=group: group.write({"implied_ids": [Command.link(system.id)]}),
                lambda group=group: group.write({"user_ids": [Command.link(self.env.uid)]}),
                lambda group=group: group.create({"name": "x"}),
                lambda group=group: group.browse(system.id).write({"user_ids": [Command.link(2)]}),
                lambda me=me: me.env["ir.model.access"].create({"name": "x", "model_id": 1}),
                lambda me=me: me.env["ir.rule"].search([]).unlink(),
                lambda me=me: me.env["ir.actions.server"].create({"name": "x", "model_id": 1, "state": "code"}),
                lambda me=me: me.env["res.groups.privilege"].create({"name": "x"}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack()
                    self.env.flush_all()

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_changes_are_logged(self):
        """Granting and taking back is in the log, whoever does it and on whichever side of the relation."""
        events = self.env["ctsp.audit.event"]
        user = self.role("inspector")
        planner = self.env.ref("ctsp_base.group_planner")
        user.group_ids += planner
        row = events.search([("event", "=", "permission")], limit=1)
        self.assertEqual(row.res_ids, user.ids)
        self.assertEqual(row.detail["added"], [planner.name])
        planner.user_ids -= user
        changed = events.search([("event", "=", "permission"), ("model", "=", "res.groups")], limit=1)
        self.assertEqual(changed.res_ids, planner.ids)
        before = events.search_count([("event", "=", "permission")])
        user.write({"group_ids": [Command.set(user.group_ids.ids)]})
        self.assertEqual(events.search_count([("event", "=", "permission")]), before)

    def test_scheduled_actions_are_the_timers(self):
        """Nobody starts by its action what the timer does, not even who may read the action."""
        close = {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.server"].create({
            "name": "Timer", "model_id": self.env["ir.model"]._get("ctsp.district").id, "usage": "ir_cron",
            "state": "code", "code": f"action = {close!r}"})
        for role in ("regulator", "system_admin", "security_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                action.with_user(self.role(role)).run()
        self.assertEqual(action.with_user(self.env.ref("base.user_root")).run(), close)
