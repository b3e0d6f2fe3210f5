import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import digest

from ..models.institution_version import MAKE_TOKEN
from .common import RegistryCase

WRITTEN = re.compile(r'(?:UPDATE|INSERT INTO) "(ctsp_institution(?:_version)?)"')


@tagged("post_install", "-at_install")
class TestVersion(RegistryCase):
    """History: one immutable version per change, personal values apart."""

    def latest(self):
        return self.institution._latest_version()

    def test_one_version_per_transaction(self):
        """Several corrections in one transaction make one version; an unchanged value makes none."""
        before = len(self.institution.version_ids)
        officer = self.role("filing_officer")
        institution = self.institution.with_user(officer)
        institution.write({"address": "上海市示例路2号", "correction_reason": "门牌号有误"})
        institution.site_ids[:1].address = "上海市示例路2号"
        self.specialty.with_user(officer).bed_count = 12
        self.end_transaction()
        self.assertEqual(len(self.institution.version_ids), before + 1)
        self.assertEqual((self.latest().kind, self.latest().reason), ("correction", "门牌号有误"))
        self.assertEqual(self.latest().author_id, officer)
        self.assertEqual(self.latest().content["values"]["address"], "上海市示例路2号")
        institution.write({"address": "上海市示例路2号", "correction_reason": "重复保存"})
        self.end_transaction()
        self.assertEqual(len(self.institution.version_ids), before + 1)

    def test_numbered_before_it_is_written(self):
        """Of two corrections at once the later one is turned back at the institution's row, and repeated; at the number
        that the earlier one took, it would fail."""
        self.env.flush_all()
        written, execute = [], Cursor.execute

        def noting(cursor, query, *args, **more):
            text = query.code if isinstance(query, SQL) else str(query)
            if found := WRITTEN.search(text):
                written.append((found[1], "version_number" in text))
            return execute(cursor, query, *args, **more)

        with patch.object(Cursor, "execute", noting):
            self.institution._make_version()
            self.env.flush_all()
        first = next(position for position, (table, _number) in enumerate(written) if table.endswith("_version"))
        self.assertIn(("ctsp_institution", True), written[:first], written)

    def test_people_say_why_they_correct_what_is_filed(self):
        """Whoever changes a filed entry by hand gives the reason; notes need none, nor does what is not filed."""
        steward = self.role("data_steward")
        institution = self.institution.with_user(steward)
        for attack in (
            lambda: institution.write({"address": "上海市示例路3号"}),
            lambda: institution.write({"address": "上海市示例路3号", "correction_reason": "  "}),
            lambda: institution.write({"site_ids": [Command.create({"name": "分院", "address": "上海市示例路4号"})]}),
            lambda: institution.site_ids[:1].write({"name": "改名"}),
            lambda: self.person.with_user(steward).write({"department": "内科"}),
            lambda: institution.site_ids[:1].unlink(),
        ):
            with self.assertRaises(UserError):
                attack()
        institution.note = "备注不属于登记内容"
        pending = self._institution("示例待备案医院（示例）").with_user(steward)
        pending.address = "上海市示例路5号"
        self.end_transaction()
        institution.write({
            "correction_reason": "新增分院登记遗漏",
            "site_ids": [Command.create({"name": "分院", "address": "上海市示例路4号"})]})
        self.end_transaction()
        self.assertEqual((self.latest().reason, self.latest().author_id), ("新增分院登记遗漏", steward))

    def test_savepoints_make_no_extra_versions(self):
        """Savepoints inside one transaction neither multiply versions nor lose what comes after them."""
        before = len(self.institution.version_ids)
        for number in range(3):
            with self.env.cr.savepoint():
                self.institution.address = f"上海市示例路{number}号"
        self.end_transaction()
        self.assertEqual(len(self.institution.version_ids), before + 1)
        self.assertEqual(self.latest().content["values"]["address"], "上海市示例路2号")
        self.assertTrue(self.latest().is_genuine)

    def test_pending_institution_has_no_history(self):
        """What was never filed leaves no version, and its keeper may delete it."""
        pending = self._institution("示例筹建医院（示例）")
        self.end_transaction()
        self.assertFalse(pending.version_ids)
        pending.with_user(self.role("data_steward")).unlink()
        self.assertFalse(pending.exists())

    def test_personal_values_lie_apart(self):
        """The content holds no personal value in clear, the personal part holds it under its path."""
        version = self.latest()
        self.assertNotIn("13800000001", str(version.content))
        self.assertEqual(version.sudo().personal[f"person_ids/{self.person.id}/mobile"], "13800000001")
        node = next(n for n in version.content["children"]["person_ids"] if n["id"] == self.person.id)
        self.assertEqual(node["values"]["mobile"], {"personal": True})

    def test_personal_part_is_closed(self):
        """Nobody reads the personal part through the ORM, the holder of the right to clear data included."""
        for user in (self.role("filing_officer", personal=True), self.role("regulator")):
            with self.assertRaises(AccessError):
                self.latest().with_user(user).read(["personal"])

    def test_nobody_alters_a_version(self):
        """Not even the superuser writes, deletes or adds a version; a token sent from outside does not help."""
        version = self.latest()
        for env in (self.env, self.env(user=self.role("data_steward")), self.env(user=self.env.ref("base.user_admin"))):
            mine = version.with_env(env).sudo()
            with self.assertRaises(AccessError):
                mine.write({"reason": "changed"})
            with self.assertRaises(AccessError):
                mine.with_context(ctsp_version_token="x").write({"personal": {}})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"institution_id": self.institution.id, "number": 99, "content": {}, "digest": "x"})
        self.assertNotEqual(str(MAKE_TOKEN), "x")

    def test_versions_are_signed(self):
        """A signer can sign a version when it is made; the signature covers the digest."""
        if "ctsp.integrity" in self.env:
            self.skipTest("with ctsp_crypto, evidence lies beside the row and not in it")
        signer = type(self.env["ctsp.signer"])
        with patch.object(signer, "_sign", lambda _self, data: (digest.sm3(data), "test")):
            self.institution.address = "上海市示例路77号"
            self.end_transaction()
        version = self.latest()
        self.assertEqual(version.sudo().integrity_signature, digest.sm3(version._integrity_canonical()))

    def test_digest_shows_tampering(self):
        """A change made behind the ORM no longer matches the digest."""
        version = self.latest()
        self.assertTrue(version.is_genuine)
        self.env.cr.execute(
            "UPDATE ctsp_institution_version SET content = jsonb_set(content, '{name}', '\"x\"') WHERE id = %s",
            [version.id])
        version.invalidate_recordset()
        self.assertFalse(version.is_genuine)

    def test_filing_makes_a_version_at_once(self):
        """An approved filing gets its version at once, and none more at the end of the transaction."""
        self.institution.office_phone = "021-63770000"
        version = self.institution._make_version(origin=self.person, reason="approved")
        self.assertEqual((version.kind, version.origin_id, version.reason), ("filing", self.person.id, "approved"))
        count = len(self.institution.version_ids)
        self.end_transaction()
        self.assertEqual(len(self.institution.version_ids), count)

    def test_added_fields_are_in_the_version(self):
        """A field an administrator added to the institution is part of its versions."""
        self.addCleanup(self.registry.reset_changes)
        self.env["ir.model.fields"].create({
            "model_id": self.env["ir.model"]._get_id("ctsp.institution"),
            "name": "x_teaching_hospital", "field_description": "Teaching Hospital", "ttype": "char",
        })
        self.institution.x_teaching_hospital = "示例大学（示例）"
        self.end_transaction()
        self.assertEqual(self.latest().content["values"]["x_teaching_hospital"], "示例大学（示例）")

    def test_numbers_run_per_institution(self):
        """Numbers begin at one for each institution and have no gap."""
        other = self._institution("示例第二医院（示例）", "药临床机构备字2099000002")
        self.end_transaction()
        other.write({"site_ids": [Command.create({"name": "东院", "address": "上海市示例路9号"})]})
        self.end_transaction()
        self.assertEqual(other.version_ids.sorted().mapped("number"), [2, 1])

    def test_personal_part_is_encrypted(self):
        """What is personal in a version lies encrypted in the database."""
        version = self.latest().sudo()  # the personal part is closed to everybody
        person = self.institution.person_ids[:1] or self.env["ctsp.person"].create(
            {"name": "甲（示例）", "institution_id": self.institution.id})
        person.mobile = "13800004321"
        self.end_transaction()
        version = self.latest().sudo()
        self.assertIn("13800004321", version.personal.values())
        self.env.cr.execute("SELECT v::text FROM ctsp_institution_version v WHERE institution_id = %s", [
            self.institution.id])
        self.assertNotIn("13800004321", str(self.env.cr.fetchall()))
        self.assertTrue(version.is_genuine)
