from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.convert import convert_file

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestSample(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _time in range(2):  # an update loads the file again and changes nothing
            convert_file(cls.env, "ctsp_clause", "demo/ctsp_clause.xml", {}, mode="init", noupdate=False)
        cls.library = cls.env.ref("ctsp_clause.library_institution")
        cls.trial = cls.env.ref("ctsp_clause.library_trial")

    def test_structure(self):
        """The sample has the structure of the 2023 edition: 16 sections, 9 / 51 / 49 clauses for 机构 and 专业."""
        found = self.library
        self.assertEqual(found.section_count, 16)
        self.assertEqual((found.critical_count, found.major_count, found.minor_count), (9, 51, 49))
        self.assertEqual(set(found.clause_ids.mapped("object")), {"institution", "specialty"})
        self.assertEqual((self.trial.clause_count, set(self.trial.clause_ids.mapped("object"))), (50, {"trial"}))

    def test_marked_and_complete(self):
        """Samples are published and marked; each clause says how to check it, on what it rests, what is found."""
        for library in self.library | self.trial:
            self.assertEqual((library.status, library.published), ("sample", True))
            self.assertIn("示例", library.name)
            for clause in library.clause_ids:
                for name in ("point", "content", "guidance", "basis", "frequent_text"):
                    self.assertTrue(clause[name], f"{clause.complete_name}: {name}")
        cited = self.trial.clause_ids.filtered("article_ids")
        self.assertEqual(cited, self.trial.clause_ids)
        self.assertEqual(set(cited.article_ids.mapped("version_id.citation")), {"GCP（2026年）"})

    def test_check_lists(self):
        """Every kind of inspection finds a check list with clauses, the first inspection one with all."""
        lists = self.env["ctsp.checklist"].search([("library_id", "in", (self.library | self.trial).ids)])
        self.assertEqual(set(lists.mapped("kind")), {"first", "routine", "special", "cause"})
        self.assertTrue(all(lists.mapped("clause_count")))
        full = self.env.ref("ctsp_clause.checklist_first")
        self.assertEqual((full.clause_count, full.objects), (109, "institution,specialty"))

    def test_public_documents_wait_for_their_text(self):
        """The two public documents state 9 / 51 / 49 and 11 / 54 / 61 and cannot be published without their clauses."""
        for name, stated in (("library_2023", (9, 51, 49)), ("library_2026_draft", (11, 54, 61))):
            library = self.env.ref(f"ctsp_clause.{name}")
            self.assertEqual((library.expected_critical, library.expected_major, library.expected_minor), stated)
            with self.assertRaises(UserError):
                library.action_publish()
