from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_integrity import IntegrityCase


@tagged("post_install", "-at_install")
class TestFormer(IntegrityCase):
    """An ordinary change of an altered row covers nothing up: what was found is kept, logged and announced."""

    def kept(self):
        """Return what is kept about the two rules, as ``{(id, kind, field)}``."""
        self.end()
        issues = self.env["ctsp.integrity.issue"].search([
            ("model", "=", "ir.rule"), ("res_id", "in", (self.rule | self.other).ids)])
        return {(issue.res_id, issue.kind, issue.field_name or None) for issue in issues}

    def test_overwritten(self):
        """The very field that was altered is written: the new value is the platform's, the alteration stays known."""
        ids = (self.rule | self.other).ids
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.rule.id)
        (self.rule | self.other).write({"domain_force": "[('id', '=', 7)]"})
        self.assertEqual(self.kept(), {(ids[0], "altered", "domain_force")})
        self.assertFalse(self.found(), "both are as the platform wrote them by now")
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "tampering"), ("state", "=", "open")])
        self.assertIn(self.model.with_context(lang="zh_CN")._get("ir.rule").name, alert.mapped("who"))
        self.assertTrue(self.env["ctsp.audit.log"].search_count([("event", "=", "integrity.former")]))

    def test_two_at_once(self):
        """A change that tells of the same as another one at that moment is made again: nobody is refused his work."""
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.rule.id)
        with self.assertRaises(ConcurrencyError), \
                patch.object(self.registry["ctsp.audit.alert"], "_raise", side_effect=UniqueViolation):
            self.rule.domain_force = "[('id', '=', 7)]"
            self.end()

    def test_removed(self):
        self.sql("UPDATE ir_rule SET name = 'x', perm_read = NOT perm_read WHERE id = %s", self.rule.id)
        gone, ids = self.rule, self.rule.id
        self.rule = self.other
        gone.unlink()
        self.end()
        issues = self.env["ctsp.integrity.issue"].search([("model", "=", "ir.rule"), ("res_id", "=", ids)])
        self.assertEqual(set(issues.mapped("field_name")), {"name", "perm_read"})

    def test_evidence_put_in(self):
        """An older state with a copy of its older evidence on top: writing another field does not make it genuine."""
        self.rule.domain_force = "[('id', '=', 2)]"
        self.end()
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_integrity_entry (model, res_id, revision, version, removed, cause, digests, mac,"
            " key_version) SELECT model, res_id, 3, version, removed, cause, digests, mac, key_version"
            " FROM ctsp_integrity_entry WHERE model = 'ir.rule' AND res_id = %s AND revision = 1", self.rule.id))
        self.sql("UPDATE ir_rule SET domain_force = '[(''name'', ''='', ''one'')]' WHERE id = %s", self.rule.id)
        self.rule.name = "another"
        self.assertEqual(self.kept(), {(self.rule.id, "evidence", None)})
        self.assertEqual(self.found(), {(self.rule.id, "evidence", None)})

    def test_no_false_alarm(self):
        """Several writes of a transaction, new rows, and SQL of the platform's own."""
        new = self.env["ir.rule"].create({"name": "new", "model_id": self.model.id, "domain_force": "[]"})
        new.name = "newer"
        self.rule.name = "second"
        self.env.flush_all()
        self.rule.name = "third"
        self.integrity._touch("ir.rule", self.other.ids, ("perm_read",))
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ir_rule SET perm_read = NOT perm_read WHERE id = %s", self.other.id))
        self.env.invalidate_all()
        self.other.perm_read = False
        self.assertFalse(self.kept())
        self.rule.name = "fourth"
        new.unlink()
        self.assertFalse(self.kept())
        self.assertFalse(self.found())

    def test_cost(self):
        """One query for the rows of a batch, however many there are."""
        rules = self.env["ir.rule"].create([
            {"name": f"r{n}", "model_id": self.model.id, "domain_force": "[]"} for n in range(200)])
        self.end()
        for number, rule in enumerate(rules):
            rule.name = f"s{number}"
        before = self.env.cr.sql_log_count
        self.end()
        self.assertLess(self.env.cr.sql_log_count - before, 16)
        self.assertFalse(self.kept())
