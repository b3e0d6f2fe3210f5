from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SECRET, AuthCase

ROLES = ("system_admin", "security_admin", "audit_admin")
MODES = ("write", "create", "unlink")
# whoever changes one of these can give himself anything: the emergency account's alone
ALMIGHTY = (
    "res.users", "res.groups", "res.groups.privilege", "ir.model.access", "ir.rule", "ir.config_parameter", "ir.cron",
    "ir.actions.server", "ir.model", "ir.model.fields", "ir.module.module", "res.users.apikeys",
)
# changed by two of them, each his own rows (record rules; see the tests of the models)
SHARED = {"ctsp.parameter", "ctsp.parameter.value"}
# whose screens lie where
OWNERS = {"ctsp.auth.": "security_admin", "ctsp.crypto.": "security_admin", "ctsp.audit.": "audit_admin"}


@tagged("post_install", "-at_install")
class TestThreeAdministrators(AuthCase, HttpCase):
    """系统、安全、审计 administrators: each does his own part, over every screen and every model, and no other's.

    GB/T 22239-2019 8.1.5.1-8.1.5.3.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admins = {role: cls.role(role) for role in ROLES}
        cls.plain = new_test_user(cls.env, "nobody_special", groups="base.group_user")

    def rights(self, user):
        """Return ``{(model, mode)}`` of everything a user may change."""
        models = [name for name, model in self.env.registry.items() if not model._abstract]
        return {
            (name, mode) for name in models for mode in MODES if self.env[name].with_user(user).has_access(mode)}

    def screens(self, user):
        """Return the window actions behind the menus that a user sees."""
        menus = self.env["ir.ui.menu"].with_user(user).with_context(lang=user.lang).load_menus(False)
        ids = {menu["action_id"] for key, menu in menus.items()
               if key != "root" and menu.get("action_model") == "ir.actions.act_window"}
        return self.env["ir.actions.act_window"].browse(sorted(ids))

    def test_rights_do_not_overlap(self):
        common = self.rights(self.plain)
        own = {role: self.rights(user) - common for role, user in self.admins.items()}
        for one, other in (ROLES[:2], ROLES[1:], ROLES[::2]):
            both = {name for name, _mode in own[one] & own[other]} - SHARED
            both = {name for name in both if not self.env[name]._transient}
            self.assertFalse(both, f"changed by both {one} and {other}")

    def test_nobody_can_give_himself_anything(self):
        for role, user in self.admins.items():
            for name in ALMIGHTY:
                for mode in MODES:
                    self.assertFalse(self.env[name].with_user(user).has_access(mode), (role, name, mode))

    def test_every_screen_comes_up(self):
        """Each menu leads to a screen that its administrator may read; what he may not read he has no menu for."""
        for role, user in self.admins.items():
            actions = self.screens(user)
            self.assertTrue(actions, role)
            for action in actions:
                model = self.env[action.res_model].with_user(user)
                modes = [mode for mode in action.view_mode.split(",") if mode != "form"] or ["form"]
                model.get_views([(False, mode) for mode in modes])
                if not model._transient:
                    model.search([], limit=1)

    def test_screens_are_their_owners(self):
        for role, user in self.admins.items():
            for action in self.screens(user):
                for prefix, owner in OWNERS.items():
                    if action.res_model.startswith(prefix):
                        self.assertEqual(role, owner, action.res_model)

    def test_tables_are_their_owners(self):
        """Whatever way one comes: the rows of another administrator are not read, let alone changed."""
        for name in self.env.registry:
            for prefix, owner in OWNERS.items():
                model = self.env[name]
                if not name.startswith(prefix) or model._abstract:
                    continue
                for role, user in self.admins.items():
                    allowed = [mode for mode in MODES if model.with_user(user).has_access(mode)]
                    if role != owner:
                        self.assertFalse(allowed, (role, name))

    def test_over_the_wire(self):
        """The same by calls of the web client."""
        attempts = (
            ("system_admin", "ctsp.auth.rule", "create", [[{"factor": "one"}]]),
            ("system_admin", "ctsp.auth.certificate", "search_read", [[]]),
            ("system_admin", "ctsp.audit.log", "search_read", [[]]),
            ("audit_admin", "ctsp.auth.lock", "action_unlock", [[1]]),
            ("audit_admin", "ctsp.auth.authority", "search_read", [[]]),
            ("audit_admin", "ctsp.account", "create", [[{"name": "x", "login": "x"}]]),
            ("security_admin", "ctsp.audit.log", "search_read", [[]]),
            ("security_admin", "ctsp.account", "create", [[{"name": "x", "login": "x"}]]),
            ("security_admin", "res.users", "write", [[2], {"password": "x"}]),
        )
        for role, model, method, args in attempts:
            user = self.admins[role]
            user.password = SECRET
            self.authenticate(user.login, SECRET)
            with mute_logger("odoo.http"):
                answer = self.opener.post(
                    f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
                    json={"params": {"model": model, "method": method, "args": args, "kwargs": {}}}).json()
            self.assertIn("error", answer, (role, model, method))
            self.assertIn("Access", answer["error"]["data"]["name"], (role, model, method))

    def test_steps_are_their_owners(self):
        """The buttons of the identity screens refuse everybody but the security administrator."""
        session = self.env["ctsp.auth.session"].create({
            "user_id": self.user.id, "token": "x", "date_start": "2026-01-01", "date_seen": "2026-01-01"})
        for role in ("system_admin", "audit_admin"):
            user = self.admins[role]
            for records, step in ((session, "action_end"), (self.user, "action_reset_code"),
                                  (self.env["ctsp.auth.key"].browse(1), "action_revoke")):
                with self.assertRaises(AccessError, msg=(role, step)):
                    getattr(records.with_user(user), step)()
