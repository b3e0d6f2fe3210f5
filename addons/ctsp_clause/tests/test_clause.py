from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ClauseCase


@tagged("post_install", "-at_install")
class TestClause(ClauseCase):
    def test_counts_and_order(self):
        """A library counts its clauses by grade; clause 1.10 comes after 1.2."""
        self.assertEqual(
            (
                self.library.critical_count,
                self.library.major_count,
                self.library.minor_count,
                self.library.clause_count,
            ),
            (1, 1, 1, 3),
        )
        found = self.env["ctsp.clause"].search([("library_id", "=", self.library.id)])
        self.assertEqual(found.mapped("number"), ["1.1", "1.2", "1.10"])

    def test_published_is_fixed(self):
        """Published content is refused to everybody, the superuser included; wordings stay open."""
        self.library.action_publish()
        clause = self.clauses[0]
        for user in (self.steward, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                clause.with_user(user).content = "else"
        with self.assertRaises(UserError):
            clause.unlink()
        with self.assertRaises(UserError):
            self.env["ctsp.clause"].with_user(self.steward).create(self.clause_values("2", "minor"))
        with self.assertRaises(UserError):
            self.staff.name = "else"
        with self.assertRaises(UserError):
            self.library.unlink()
        self.env["ctsp.finding.phrase"].with_user(self.steward).create({"clause_id": clause.id, "text": "open"})

    def test_published_by_its_button_only(self):
        """Nobody publishes or withdraws past the checks: not by writing the field, not by making it published."""
        with self.assertRaises(AccessError):
            self.library.published = True
        with self.assertRaises(AccessError):
            self.library.create({"name": "Published", "code": "T9", "published": True})
        self.library.action_publish()
        with self.assertRaises(AccessError):
            self.library.write({"published": False})
        self.library.action_withdraw()
        self.assertFalse(self.library.published)

    def test_stated_numbers_must_hold(self):
        """A library whose source states other numbers of clauses per grade is not published."""
        self.library.write({"expected_critical": 1, "expected_major": 1, "expected_minor": 2})
        self.assertTrue(self.library.counts_differ)
        with self.assertRaises(UserError):
            self.library.action_publish()
        self.library.expected_minor = 1
        self.library.action_publish()
        self.assertTrue(self.library.published)

    def test_inspector_reads_only(self):
        """An inspector reads clauses and changes nothing, not even by the public methods."""
        clause = self.clauses[0].with_user(self.inspector)
        self.assertEqual(clause.number, "1.1")
        for act in (lambda: clause.write({"guidance": "x"}), clause.unlink,
                    self.library.with_user(self.inspector).action_publish,
                    self.library.with_user(self.inspector).action_withdraw):
            with self.assertRaises(AccessError):
                act()

    def test_section_of_another_library(self):
        """A clause cannot stand in a section of another library, nor a check list mix libraries."""
        other = self.library.create({"name": "Other", "code": "T2", "section_ids": [(0, 0, {"name": "Alien"})]})
        with self.assertRaises(ValidationError):
            self.clauses[0].section_id = other.section_ids
        with self.assertRaises(ValidationError):
            self.env["ctsp.checklist"].with_user(self.steward).create(
                {"name": "Mixed", "library_id": other.id, "clause_ids": [(6, 0, self.clauses.ids)]})

    def test_checklist_objects(self):
        """A check list knows for which objects it has clauses."""
        checklist = self.env["ctsp.checklist"].with_user(self.steward).create(
            {"name": "All", "library_id": self.library.id, "clause_ids": [(6, 0, self.clauses.ids)]})
        self.assertEqual((checklist.objects, checklist.clause_count), ("institution,specialty", 3))
