from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RegistryCase

OWNED = (
    "ctsp.institution", "ctsp.institution.former.name", "ctsp.site", "ctsp.licence", "ctsp.specialty", "ctsp.person",
    "ctsp.person.gcp", "ctsp.person.post", "ctsp.person.experience", "ctsp.ethics.committee", "ctsp.ethics.member",
    "ctsp.institution.version",
)
WRITERS = ("filing_officer", "data_steward")
READERS = ("regulator", "planner", "inspector", "reviewer", "risk_analyst", "leader")
NOBODIES = ("system_admin", "security_admin", "audit_admin", "interface")


@tagged("post_install", "-at_install")
class TestAccess(RegistryCase):
    """Who reads and who writes the registry, inside and outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institution.write({
            "former_name_ids": [Command.create({"name": "旧名（示例）"})],
            "licence_ids": [Command.create({"kind_id": cls.item("licence_kind", "practice").id, "number": "N1"})],
            "note": "重点关注（示例）",
        })
        cls.person.write({
            "gcp_ids": [Command.create({"certificate_no": "G1", "date": "2026-01-01"})],
            "post_ids": [Command.create({"post_id": cls.item("post", "pi").id})],
            "experience_ids": [Command.create({"trial_name": "T（示例）"})],
        })
        cls.committee.member_ids = [Command.create({"name": "委员（示例）"})]
        cls.end_transaction()
        cls.other = cls._institution("示例乙医院（示例）", "药临床机构备字2099000009")
        cls.user_a, cls.user_b = cls.user_of(cls.institution), cls.user_of(cls.other)

    @classmethod
    def user_of(cls, institution):
        """Return a share user of the institution's company."""
        _company, user = cls.outside(institution.name)
        user.partner_id.parent_id = institution.partner_id
        return user

    def mine(self, model):
        return self.env[model].search([("owner_partner_id", "=", self.institution.partner_id.id)])

    def test_roles(self):
        """Regulators read; officer and steward write and create; administrators and interfaces see nothing."""
        for model in (*OWNED, "ctsp.organization"):
            versions = model == "ctsp.institution.version"
            for role in (*READERS, *WRITERS):
                records = self.env[model].with_user(self.role(role))
                with self.subTest(model=model, role=role):
                    self.assertTrue(records.has_access("read"))
                    self.assertEqual(records.has_access("write"), role in WRITERS and not versions)
                    self.assertEqual(records.has_access("create"), role in WRITERS and not versions)
            for role in NOBODIES:
                with self.subTest(model=model, role=role):
                    self.assertFalse(self.env[model].with_user(self.role(role)).has_access("read"))

    def test_outside_user_reads_his_own(self):
        """A's user reads every part of A; B's user reads nothing of A, by search, read, name or group."""
        for model in OWNED:
            records = self.mine(model)
            self.assertTrue(records, f"nothing to test on {model}")
            with self.subTest(model):
                self.assertEqual(self.env[model].with_user(self.user_a).search([]), records)
                stranger = self.env[model].with_user(self.user_b)
                self.assertFalse(stranger.search([("id", "in", records.ids)]))
                self.assertFalse(stranger._read_group([("id", "in", records.ids)], [], ["id:recordset"])[0][0])
                with self.assertRaises(AccessError):
                    records.with_user(self.user_b).read(["display_name"])
        self.assertFalse(self.env["ctsp.institution"].with_user(self.user_b).name_search("第一医院"))

    def test_outside_user_changes_nothing(self):
        """The registry changes by filings only: the outside user neither writes, creates nor deletes."""
        for model in OWNED:
            records = self.env[model].with_user(self.user_a)
            with self.subTest(model):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation))
        with self.assertRaises(AccessError):
            self.institution.with_user(self.user_a).write({"name": "x"})

    def test_notes_and_tags_are_the_regulators(self):
        """The supervisor's notes reach the institution neither by the field nor by a version."""
        with self.assertRaises(AccessError):
            self.institution.with_user(self.user_a).read(["note"])
        self.assertNotIn("重点关注", str(self.institution._latest_version().content))

    def test_versions_show_no_closed_values(self):
        """A snapshot holds what an administrator closed to institutions, and why the regulator corrected an entry."""
        version = self.institution._latest_version()
        theirs = version.with_user(self.user_a)
        self.assertTrue(theirs.read(["number", "date", "kind"]))
        for name in ("content", "content_html", "changes_html", "is_genuine", "reason", "author_id"):
            with self.subTest(name):
                self.assertNotIn(name, list(theirs.fields_get()))
                with self.assertRaises(AccessError):
                    theirs.read([name])
        with self.assertRaises(AccessError):
            theirs.search([("reason", "ilike", "x")])
        self.assertTrue(version.with_user(self.role("inspector")).content_html)

    def test_masks(self):
        """Personal values are masked without the right, clear with it and to the institution itself."""
        self.assertEqual(self.person.with_user(self.role("inspector")).mobile_masked, "138****0001")
        with self.assertRaises(AccessError):
            self.person.with_user(self.role("inspector")).read(["mobile"])
        for user in (self.role("inspector", personal=True), self.user_a):
            self.assertEqual(self.person.with_user(user).read(["mobile"])[0]["mobile"], "13800000001")

    def test_where_a_record_belongs_is_fixed(self):
        """A specialty or a person is not moved to another institution."""
        for record in (self.specialty, self.person, self.committee, self.institution.site_ids[:1]):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.with_user(self.role("data_steward")).write({"institution_id": self.other.id})
