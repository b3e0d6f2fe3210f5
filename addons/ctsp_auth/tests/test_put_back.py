import secrets
import time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import assertion

from .certificates import CertificateCase, encode


@tagged("post_install", "-at_install")
class TestPutBack(CertificateCase):
    """Who writes the database past the platform gets nowhere: neither with copies beside what is sealed, nor with older
    states whose seal once held, nor by taking rules away.
    """

    def sql(self, query, *values):
        self.env.cr.flush()
        self.env.cr.execute(SQL(query, *values))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def copy_columns(self, row, key):
        self.sql("UPDATE ctsp_auth_certificate SET serial = %s, issuer = %s, fingerprint = %s WHERE id = %s",
                 key[0].serial_text, key[0].issuer_text, key[0].fingerprint(), row.id)

    def test_columns_beside_the_content(self):
        """A certificate is the one in the row's content; what it is looked up by is no proof."""
        mine, thiefs = self.key(), self.key("李示例")
        row = self.bind(mine)
        self.copy_columns(row, thiefs)
        self.assertFalse(row._bound(thiefs[0]))
        gateway = self.env["ctsp.auth.gateway"].create({
            "name": "网关（示例）", "addresses": "127.0.0.1", "certificate": encode(self.key("网关")[0].der)})
        said = assertion.Assertion(thiefs[0].serial_text, thiefs[0].issuer_text, "h", int(time.time()),
                                   secrets.token_hex(16))
        refused = self.refused(lambda: gateway._row_of(said))
        self.assertEqual(refused.detail["reason"], "not_bound")
        self.env["ctsp.integrity"]._put_down(row._name, {row.id: {"serial", "issuer", "fingerprint"}})
        self.assertFalse(row._bound(thiefs[0]), "nor with evidence of the columns")
        self.refused(lambda: gateway._row_of(said))

    def refused(self, call):
        with self.assertRaises(Exception) as caught:
            call()
        return caught.exception

    def test_older_state_of_a_certificate(self):
        """A revoked certificate whose row is put back as it was, with the seal of then, opens nothing."""
        key = self.key()
        row = self.bind(key)
        self.env.flush_all()
        self.assertTrue(row._bound(key[0]))
        before = row.seal
        row.with_user(self.role("security_admin")).action_revoke()
        self.sql("UPDATE ctsp_auth_certificate SET state = 'active', seal = %s WHERE id = %s", before, row.id)
        self.assertFalse(row._bound(key[0]))

    def test_older_revocation_list(self):
        """Taking a revocation list away makes its authority one that is not believed, not one without revocations."""
        key = self.key()
        self.trusted.crl = encode(self.authority.crl(1).der)
        self.assertFalse(self.trusted._check(key[0]))
        self.sql("UPDATE ctsp_auth_authority SET crl = NULL, crl_date = NULL WHERE id = %s", self.trusted.id)
        with self.assertLogs("odoo.addons.ctsp_auth.models.auth_authority", "ERROR"):
            self.assertTrue(self.trusted._check(key[0]))

    def test_nonsense_for_a_seal(self):
        """One row with nonsense in the place of its seal is not believed, and stops nobody else."""
        row, other = self.bind(self.key()), self.bind(self.key("李示例"), self.role("leader"))
        for seal in ("1:zz", "x", "1:", "999999:00"):
            self.sql("UPDATE ctsp_auth_certificate SET seal = %s WHERE id = %s", seal, row.id)
            self.assertEqual((row | other)._holds(), other)

    def test_revoked_key_put_back(self):
        machine = self.role("interface")
        keys = self.env["res.users.apikeys"].with_user(machine).sudo()
        key = keys._generate("rpc", "CTMS（示例）", fields.Datetime.add(fields.Datetime.now(), days=1))
        self.assertEqual(keys._check_credentials(scope="rpc", key=key), machine.id)
        self.env.cr.execute(SQL("CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM res_users_apikeys"))
        keys.search([("user_id", "=", machine.id)]).unlink()
        self.assertFalse(keys._check_credentials(scope="rpc", key=key))
        self.sql("INSERT INTO res_users_apikeys SELECT * FROM kept")
        self.assertFalse(keys._check_credentials(scope="rpc", key=key))
        self.assertIn("key_seal", str(self.failure().detail))

    def test_expired_keys_are_swept(self):
        """What the nightly sweeping deletes is no alarm."""
        machine = self.role("interface")
        keys = self.env["res.users.apikeys"].with_user(machine).sudo()
        keys._generate("rpc", "CTMS（示例）", fields.Datetime.add(fields.Datetime.now(), hours=1))
        self.env.cr.execute(SQL("UPDATE res_users_apikeys SET expiration_date = now() - interval '1 day'"))
        keys._gc_user_apikeys()
        self.assertFalse(self.env["ctsp.integrity"]._check_all(keys._name))

    # ---- rules of factors

    def rule(self, **values):
        role = self.env.ref("ctsp_base.group_filing_officer").id
        return self.env["ctsp.auth.rule"].create({"role_id": role, "factor": "two", **values})

    def strictest(self):
        with self.assertLogs("odoo.addons.ctsp_auth.models.auth_rule", "ERROR"):
            return self.user._required_factor() == "certificate" and self.role("leader")._required_factor() == "one"

    def test_rule_weakened(self):
        rule = self.rule()
        self.env.cr.flush()
        self.assertEqual(self.user._required_factor(), "two")
        self.sql("UPDATE ctsp_auth_rule SET factor = 'one' WHERE id = %s", rule.id)
        self.assertTrue(self.strictest(), "for its role, and for no other")

    def test_rule_turned_to_another_role(self):
        rule = self.rule()
        other = self.env.ref("ctsp_base.group_planner").id
        self.sql("UPDATE ctsp_auth_rule SET role_id = %s, group_number = %s WHERE id = %s", other, other, rule.id)
        self.assertTrue(self.strictest())

    def test_rule_deleted(self):
        self.sql("DELETE FROM ctsp_auth_rule WHERE id = %s", self.rule().id)
        self.assertTrue(self.strictest())

    def test_rule_changed_by_the_platform(self):
        """Another role, another factor, deleted: what the security administrator does holds."""
        rule = self.rule().with_user(self.role("security_admin"))
        rule.role_id = self.env.ref("ctsp_base.group_planner").id
        self.assertEqual((self.user._required_factor(), self.role("planner")._required_factor()), ("one", "two"))
        rule.factor = "certificate"
        self.assertEqual(self.role("planner")._required_factor(), "certificate")
        rule.unlink()
        self.assertEqual(self.role("planner")._required_factor(), "one")
