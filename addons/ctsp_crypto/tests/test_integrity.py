import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ctsp_crypto.errors import ProviderUnavailable

from ..tools import machine
from .common import CryptoCase


class IntegrityCase(CryptoCase):
    """Rules of workflows and rights stand for important data: the addon alone has no other."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patcher = patch.object(type(self.env["ctsp.audit.sealer"]), "_checkpoint_path",
                               lambda _self: Path(folder.name) / "checkpoints.jsonl")
        patcher.start()
        self.addCleanup(patcher.stop)
        self.integrity = self.env["ctsp.integrity"]
        self.model = self.env["ir.model"]._get("res.partner.category")
        self.rule = self.make("one")
        self.other = self.make("two")

    def make(self, name, **values):
        rule = self.env["ir.rule"].create({
            "name": name, "model_id": self.model.id, "domain_force": f"[('name', '=', '{name}')]", **values})
        self.end()
        return rule

    def end(self):
        """End the transaction as far as the evidence is concerned."""
        self.env.flush_all()
        self.env.cr.flush()

    def sql(self, query, *values):
        self.end()
        self.env.cr.execute(SQL(query, *values))
        self.env.invalidate_all()

    def found(self, *records):
        """Return what the check says of ``records`` as ``{(id, kind, field)}``."""
        ids = [record.id for record in records or (self.rule, self.other)]
        return {(found.res_id, found.kind, found.name) for found in self.integrity._check("ir.rule", ids)}


@tagged("post_install", "-at_install")
class TestIntegrity(IntegrityCase):
    """What the platform writes is put down; what another hand does is named by row and field."""

    def test_a_caught_failure_is_not_forgotten(self):
        """An engine that catches whatever fails within its savepoint does not get rows saved without evidence."""
        def down(*_arguments):
            raise ProviderUnavailable("no answer")

        self.rule.name = "changed"
        for _time in range(2):
            with patch.object(self.registry["ctsp.integrity"], "_digest", down), suppress(ProviderUnavailable), \
                    self.env.cr.savepoint():
                self.fail("pending work is put down as the savepoint begins, and not forgotten when that fails")
        self.end()
        self.assertFalse(self.found())

    def test_what_the_platform_does_is_right(self):
        """Create, write, many2many from both ends, delete: no false alarm."""
        self.assertFalse(self.found())
        group = self.env["res.groups"].create({"name": "g"})
        self.rule.write({"perm_write": False, "groups": [(4, group.id)]})
        self.assertFalse(self.found())
        group.rule_groups = [(4, self.other.id)]
        self.end()
        self.assertFalse(self.found())
        self.rule.groups = False
        self.other.groups = False
        self.end()
        self.other.unlink()
        self.end()
        self.assertFalse(self.found())

    def test_altered(self):
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.rule.id)
        self.assertEqual(self.found(), {(self.rule.id, "altered", "domain_force")})

    def test_put_right_again(self):
        """The old value makes the row intact again."""
        self.sql("UPDATE ir_rule SET perm_read = NOT perm_read WHERE id = %s", self.rule.id)
        self.assertTrue(self.found())
        self.sql("UPDATE ir_rule SET perm_read = NOT perm_read WHERE id = %s", self.rule.id)
        self.assertFalse(self.found())

    def test_link_put_in(self):
        """A row of a link table counts as a change of the field."""
        group = self.env.ref("base.group_user")
        self.sql("INSERT INTO rule_group_rel (rule_group_id, group_id) VALUES (%s, %s)", self.rule.id, group.id)
        self.assertEqual(self.found(), {(self.rule.id, "altered", "groups")})

    def test_deleted(self):
        self.sql("DELETE FROM ir_rule WHERE id = %s", self.rule.id)
        self.assertEqual(self.found(), {(self.rule.id, "missing", None)})

    def test_added(self):
        self.sql("INSERT INTO ir_rule (name, model_id, active, domain_force) VALUES ('x', %s, true, '[]')",
                 self.model.id)
        new = self.env["ir.rule"].search([("name", "=", "x")])
        self.assertEqual(self.found(new), {(new.id, "added", None)})
        new.name = "y"  # working on it does not make it genuine
        self.end()
        self.assertEqual(self.found(new), {(new.id, "added", None)})

    def test_not_laundered(self):
        """Whoever edits another field of an altered row does not make the alteration genuine."""
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.rule.id)
        self.rule.write({"name": "renamed"})
        self.end()
        self.assertEqual(self.found(), {(self.rule.id, "altered", "domain_force")})

    def test_rolled_back(self):
        """An older state of a row, and its evidence taken back with it."""
        self.rule.write({"name": "second", "domain_force": "[('id', '=', 2)]"})
        self.end()
        self.sql("UPDATE ir_rule SET name = 'one', domain_force = '[(''name'', ''='', ''one'')]' WHERE id = %s",
                 self.rule.id)
        self.assertEqual(self.found(), {(self.rule.id, "rolled_back", None)})

    def test_evidence_put_in(self):
        """An entry made by hand, or copied of another row, is not the platform's."""
        self.end()
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_integrity_entry (model, res_id, revision, version, removed, cause, digests, mac,"
            " key_version) SELECT model, %s, 9, version, removed, cause, digests, mac, key_version"
            " FROM ctsp_integrity_entry WHERE model = 'ir.rule' AND res_id = %s", self.rule.id, self.other.id))
        self.assertEqual(self.found(), {(self.rule.id, "evidence", None)})

    def test_evidence_is_append_only(self):
        for query in ("UPDATE ctsp_integrity_entry SET revision = 9", "DELETE FROM ctsp_integrity_seal_row"):
            with self.assertRaises(errors.InsufficientPrivilege), mute_logger("odoo.sql_db"), \
                    self.env.cr.savepoint():
                self.env.cr.execute(query)

    def test_verification(self):
        """Everything is compared, the findings name row and field, and the manifest counts."""
        self.assertTrue(self.env["ctsp.audit.sealer"]._seal_evidence())
        clean = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        clean._run_now()
        self.assertEqual((clean.state, clean.issue_count), ("intact", 0), clean.issue_ids.mapped("display_name"))
        self.assertGreater(clean.row_count, 100)
        manifest = self.env["ctsp.integrity.seal"]._last()["manifest"]
        rules = self.env["ir.rule"].with_context(active_test=False).search_count([])
        self.assertEqual(manifest["ir.rule"]["rows"], rules)
        self.sql("UPDATE ir_rule SET name = 'x' WHERE id = %s", self.rule.id)
        verifications = self.env["ctsp.integrity.verification"].with_user(self.role("security_admin"))
        one = verifications.create({"scope": "access"})
        one.action_start()
        one.sudo()._run_now()
        self.assertEqual(one.state, "broken")
        self.assertEqual([(i.kind, i.res_id, i.field_name) for i in one.issue_ids], [("altered", self.rule.id, "name")])
        with self.assertRaises(AccessError):
            one.write({"state": "intact"})

    def test_purpose_taken_away(self):
        """What a purpose protected stays verifiable without its row: the check names the row and goes on to its end."""
        self.assertTrue(self.env["ctsp.audit.sealer"]._seal_evidence())
        purpose = self.env.ref("ctsp_crypto.purpose_audit_seal")
        self.sql("DELETE FROM ctsp_crypto_purpose WHERE id = %s", purpose.id)
        self.env.registry.clear_cache("stable")
        self.addCleanup(self.env.registry.clear_cache, "stable")
        one = self.env["ctsp.integrity.verification"].create({"scope": "all"})
        one._run_now()
        self.assertEqual([(i.kind, i.model, i.res_id) for i in one.issue_ids],
                         [("missing", "ctsp.crypto.purpose", purpose.id)])
        with self.assertRaisesRegex(UserError, "audit.seal"):
            self.env["ctsp.crypto"]._sign("audit.seal", [b"new"])

    def test_resumes(self):
        """A process that dies in the middle loses one range; what was done is not done again."""
        one = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        whole = one._range_size()
        compare, calls = type(self.integrity)._compare, []

        def dies(this, *arguments):
            calls.append(1)
            if len(calls) == 3:
                raise ZeroDivisionError
            return compare(this, *arguments)

        with patch("odoo.addons.ctsp_crypto.models.integrity_verification.RANGE", 50):
            with patch.object(type(self.integrity), "_compare", dies), suppress(ZeroDivisionError):
                one._run_now()
            done = one.row_count
            self.assertEqual(one.state, "running")
            self.assertTrue(0 < done < whole)
            one._run_now()
        self.assertEqual((one.state, one.row_count), ("intact", one.row_total))

    def test_provider_away(self):
        """What is written while nobody can sign gets no seal, and its seal as soon as the provider is back."""
        sealer = self.env["ctsp.audit.sealer"]
        sealer._seal_evidence(look_from=self.now(hours=-1))
        self.rule.name = "written while the provider is away"
        self.end()
        with patch.object(machine.providers(), "macs", side_effect=ProviderUnavailable("no answer"), create=True), \
                self.assertRaises(UserError):
            sealer._seal_evidence(self.env["ctsp.integrity.seal"]._last()["look_from"])
        # hours later, with other work sealed by nobody in between
        self.assertEqual(sealer._seal_evidence(self.env["ctsp.integrity.seal"]._last()["look_from"]), 1)
        self.assertFalse(sealer._unsealed_evidence())
        one = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        one._run_now()
        self.assertEqual((one.state, one.issue_ids.mapped("display_name")), ("intact", []))

    def now(self, **apart):
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0] + timedelta(**apart)

    def test_update_of_modules(self):
        """What an update does to its own rows is taken over; rows it leaves alone, rows of nobody and what was found
        before stay findings.
        """
        rows = self.make("of the module"), self.make("left alone"), self.make("found before"), self.make("of nobody")
        for rule, noupdate in zip(rows, (False, True, False)):
            self.env["ir.model.data"].create({
                "module": "ctsp_crypto", "name": f"test_{rule.id}", "model": "ir.rule", "res_id": rule.id,
                "noupdate": noupdate})
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = ANY(%s)", [rule.id for rule in rows])
        issues = self.env["ctsp.integrity.issue"]
        issues.create([issues._values(found) for found in self.integrity._check("ir.rule", rows[2].ids)])
        self.env.flush_all()
        self.integrity._accept_update(["ctsp_crypto"])
        self.assertEqual(self.found(*rows), {(rule.id, "altered", "domain_force") for rule in rows[1:]})

    def test_longer_list(self):
        """Rows put down before a field was named are covered after an update; what was altered stays found."""
        protection = self.integrity._map().models["ir.rule"]
        short = tuple(name for name in protection.names if name != "perm_unlink")
        with patch.multiple(protection, versions={1: short}, names=short, version=1):
            old, bad = self.make("old"), self.make("bad")
        with patch.multiple(protection, versions={1: short, 2: (*short, "perm_unlink")}, version=2,
                            names=(*short, "perm_unlink")):
            self.sql("UPDATE ir_rule SET name = 'x' WHERE id = %s", bad.id)
            self.integrity._extend(protection)
            self.assertEqual(self.found(old, bad), {(bad.id, "altered", "name")})
            self.sql("UPDATE ir_rule SET perm_unlink = NOT perm_unlink WHERE id = %s", old.id)
            self.assertEqual(self.found(old), {(old.id, "altered", "perm_unlink")})

    def test_one_batch(self):
        """The cost of evidence does not grow with the number of statements: a thousand rows, a handful of queries."""
        self.end()
        rules = self.env["ir.rule"].create([
            {"name": f"r{n}", "model_id": self.model.id, "domain_force": "[]"} for n in range(200)])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env.cr.flush()
        self.assertLess(self.env.cr.sql_log_count - before, 12)
        self.assertFalse(self.found(*rules))
