from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestAuditStore(CtspCase):
    """The store takes rows and gives them to the audit administrator; nobody changes one."""

    def setUp(self):
        super().setUp()
        self.env["ctsp.audit.port"]._log("export", self.env.user, note="x", names=["甲", "乙"])
        self.event = self.env["ctsp.audit.event"].search([], limit=1)

    def test_row(self):
        self.assertEqual(self.event.event, "export")
        self.assertEqual(self.event.model, "res.users")
        self.assertEqual(self.event.res_ids, self.env.user.ids)
        self.assertEqual(self.event.detail, {"note": "x", "names": ["甲", "乙"]})
        self.assertTrue(self.event.success)
        self.assertIn("names: 甲, 乙", self.event.detail_text)

    def test_many_records_are_counted(self):
        """Thousands of identifiers are not stored with a row, their number is."""
        self.env["ctsp.audit.port"]._log("export", self.env["res.partner"].browse(range(1, 3001)))
        row = self.env["ctsp.audit.event"].search([], limit=1)
        self.assertEqual((len(row.res_ids), row.res_count), (1000, 3000))

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_who_reads(self):
        """The audit administrator reads; the system administrator does not, nor does Odoo's own."""
        self.assertTrue(self.event.with_user(self.role("audit_admin")).login)
        others = [self.role(name) for name in ("system_admin", "security_admin", "leader", "data_steward")]
        for user in [*others, self.env.ref("base.user_admin")]:
            with self.assertRaises(AccessError):
                self.event.with_user(user).read(["event"])
            with self.assertRaises(AccessError):
                self.event.with_user(user).search([])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_nobody_changes_a_row(self):
        for user in (self.role("audit_admin"), self.role("system_admin"), self.env["res.users"].browse(SUPERUSER_ID)):
            event = self.event.with_user(user)
            for attack in (
                lambda e=event: e.write({"event": "sign_in"}),
                lambda e=event: e.unlink(),
                lambda e=event: e.create({"event": "sign_in"}),
                lambda e=event: e.copy(),
                lambda e=event: e.load(["event"], [["sign_in"]]) and e.create({"event": "sign_in"}),
            ):
                with self.assertRaises(AccessError):
                    attack()

    @mute_logger("odoo.sql_db")
    def test_the_table_refuses_too(self):
        for statement in (
            "UPDATE ctsp_audit_event SET login = 'x'", "DELETE FROM ctsp_audit_event", "TRUNCATE ctsp_audit_event",
        ):
            with self.assertRaises(psycopg2.errors.InsufficientPrivilege), self.cr.savepoint():
                self.cr.execute(SQL(statement))

    def test_failure_uses_a_cursor_of_its_own(self):
        port = type(self.env["ctsp.audit.port"])
        with self.enter_registry_test_mode(), patch.object(port, "_write_row", autospec=True) as write:
            self.env["ctsp.audit.port"]._log_failure("sign_in", who="nobody")
        _port, cursor, row = write.call_args.args
        self.assertIsNot(cursor, self.env.cr)
        self.assertEqual((row["event"], row["login"], row["success"]), ("sign_in", "nobody", False))

    def test_labels(self):
        """Every event that the kernel logs has a label."""
        labels = dict(self.env["ctsp.audit.event"]._selection_event())
        self.assertLessEqual({"sign_in", "sign_in.break_glass", "permission", "account", "export"}, labels.keys())


@tagged("post_install", "-at_install")
class TestSignIn(HttpCase):
    """Sign-ins are logged, the emergency account's are announced."""

    def _last(self):
        return self.env["ctsp.audit.event"].search([("event", "=like", "sign_in%")], limit=1)

    def _sign_in(self, login, password):
        credential = {"login": login, "password": password, "type": "password"}
        return self.env["res.users"].authenticate(credential, {"interactive": True})

    def _fail_to_sign_in(self, login):
        # not assertRaises: it rolls back a savepoint, and in a test the row's own cursor lies within that
        try:
            with mute_logger("odoo.addons.base.models.res_users"):
                self._sign_in(login, "wrong")
        except AccessDenied:
            return
        self.fail("signed in with a wrong password")

    def test_success_and_failure(self):
        user = new_test_user(self.env, "sign_in_user", groups="ctsp_base.group_inspector", password="sign_in_user")
        self._sign_in("sign_in_user", "sign_in_user")
        self.assertEqual((self._last().user_id, self._last().success), (user, True))
        self._fail_to_sign_in("sign_in_user")
        self.assertEqual((self._last().login, self._last().success), ("sign_in_user", False))
        self._fail_to_sign_in("nobody_of_this_name")
        self.assertEqual((self._last().login, self._last().success), ("nobody_of_this_name", False))

    def test_rpc(self):
        """Signing in with each call (XML-RPC) leaves a trace as well, and so does a key of the emergency account."""
        user = new_test_user(self.env, "rpc_user", groups="base.group_erp_manager", password="rpc_user_rpc")
        users = self.env["res.users"]
        users._check_uid_passwd(user.id, "rpc_user_rpc")
        self.assertEqual((self._last().event, self._last().user_id), ("sign_in.break_glass", user))
        try:
            users._check_uid_passwd(user.id, "wrong")
        except AccessDenied:
            self.assertEqual((self._last().login, self._last().success), ("rpc_user", False))
        before = self.env["ctsp.audit.event"].search_count([("event", "=", "sign_in.break_glass")])
        in_a_day = fields.Datetime.add(fields.Datetime.now(), days=1)
        key = self.env["res.users.apikeys"].with_user(user)._generate("rpc", "test", in_a_day)
        self.assertEqual(self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key), user.id)
        after = self.env["ctsp.audit.event"].search_count([("event", "=", "sign_in.break_glass")])
        self.assertEqual(after, before + 1)

    def test_break_glass(self):
        """Each use of an almighty account is logged and announced once a day to those who watch."""
        guardian = new_test_user(self.env, "guardian", groups="ctsp_base.group_security_admin")
        new_test_user(self.env, "glass", groups="base.group_system", password="glass_glass")
        for _n in range(2):
            self._sign_in("glass", "glass_glass")
            self.assertEqual(self._last().event, "sign_in.break_glass")
        activities = self.env["mail.activity"].search([("user_id", "=", guardian.id)])
        self.assertEqual(len(activities), 1)
        self.assertIn("glass", activities.summary)
        self.assertTrue(activities.with_user(guardian).read(["summary"]))
