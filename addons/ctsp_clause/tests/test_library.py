from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.ctsp_base.tools import tabular

from .common import ClauseCase


@tagged("post_install", "-at_install")
class TestLibrary(ClauseCase):
    def next_version(self):
        self.library.action_publish()
        return self.library.browse(self.library.action_next_version()["res_id"])

    def test_next_version(self):
        """The next version has everything of the one before, is open, and knows where each clause comes from."""
        phrase = self.env["ctsp.finding.phrase"].with_user(self.steward).create(
            {"clause_id": self.clauses[0].id, "text": "Found"})
        phrase._used(phrase.ids)
        self.env["ctsp.checklist"].with_user(self.steward).create(
            {"name": "Some", "library_id": self.library.id, "clause_ids": [(6, 0, self.clauses[:2].ids)]})
        new = self.next_version()
        self.assertEqual(
            (new.previous_id, new.published, new.clause_count, new.section_count), (self.library, False, 3, 2)
        )
        self.assertEqual(new.clause_ids.sorted().mapped("previous_id"), self.clauses)
        self.assertEqual(new.checklist_ids.clause_ids, new.clause_ids.sorted()[:2])
        self.assertEqual(new.clause_ids.frequent_ids.mapped("use_count"), [1])
        new.clause_ids[0].content = "corrected"
        self.assertEqual(self.clauses[0].content, "Content 1.1")

    def test_withdraw(self):
        """A publication is withdrawn as long as nothing was inspected by it."""
        self.library.action_publish()
        self.library.action_withdraw()
        self.clauses[0].content = "open again"
        self.assertFalse(self.library.published_at)

    def test_compare(self):
        """Two versions: the changed text is marked, new and removed clauses stand as such; an inspector may look."""
        new = self.next_version()
        new.clause_ids.sorted()[0].content = "Content 1.1 and more"
        new.clause_ids.sorted()[2].unlink()
        self.env["ctsp.clause"].with_user(self.steward).create(
            {**self.clause_values("3.1", "minor"), "library_id": new.id, "section_id": new.section_ids[0].id})
        wizard = self.env["ctsp.clause.compare"].with_user(self.inspector).create(
            {"left_id": self.library.id, "right_id": new.id})
        self.assertEqual(
            (wizard.added_count, wizard.removed_count, wizard.changed_count, wizard.same_count), (1, 1, 1, 1))
        self.assertIn("<ins> and more</ins>", wizard.result)
        self.assertNotIn("Point 1.2", wizard.result)
        wizard.show_same = True
        self.assertIn("Point 1.2", wizard.result)

    def test_comparison_prints(self):
        """A comparison prints to a PDF with its marked text."""
        new = self.next_version()
        new.clause_ids.sorted()[0].content = "知情同意"
        wizard = self.env["ctsp.clause.compare"].create({"left_id": self.library.id, "right_id": new.id})
        reports = self.env["ir.actions.report"]
        content, kind = reports._render_qweb_pdf("ctsp_clause.ctsp_clause_compare_report", wizard.ids)
        self.assertTrue(content and kind in ("pdf", "html"))

    def test_comparison_escapes(self):
        """A clause's text is text in the comparison, never markup."""
        new = self.next_version()
        new.clause_ids.sorted()[0].content = "<script>alert(1)</script>"
        wizard = self.env["ctsp.clause.compare"].create({"left_id": self.library.id, "right_id": new.id})
        self.assertNotIn("<script>", wizard.result)

    def test_valid_on(self):
        """Published and within its dates: in force; the search agrees."""
        valid = [("is_valid", "=", True), ("id", "=", self.library.id)]
        self.assertFalse(self.library.search(valid))
        self.library.action_publish()
        self.assertTrue(self.library.is_valid and self.library.search(valid))
        self.library.date_to = "2024-12-31"
        self.assertFalse(self.library.is_valid or self.library.search(valid))

    def test_outside_sees_nothing(self):
        """A share user has no right on clauses, laws or wordings."""
        _company, outside = self.outside("Outside Hospital")
        for model in ("ctsp.clause", "ctsp.law.article", "ctsp.finding.phrase", "ctsp.clause.library"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(outside).search([])
        with self.assertRaises(AccessError):
            self.env["ctsp.finding.phrase"].with_user(outside).suggest(False, "a")
        with self.assertRaises(AccessError):
            self.env["ctsp.law.article"].with_user(outside).search_text("知情")

    def test_list_queries_are_constant(self):
        """Eighty clauses cost as many queries as eight."""
        self.env["ctsp.clause"].with_user(self.steward).create(
            [self.clause_values(f"5.{n}", "minor") for n in range(80)]
        )
        clauses = self.env["ctsp.clause"].with_user(self.inspector)
        spec = {name: {} for name in ("number", "object", "point", "content", "grade", "basis")}
        spec |= {"section_id": {"fields": {"display_name": {}}}, "library_id": {"fields": {"display_name": {}}}}
        counts = []
        clauses.web_search_read([], spec, limit=1)  # rights and names of models are cached from here on
        for limit in (8, 80):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            clauses.web_search_read([("library_id", "=", self.library.id)], spec, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestWorkbook(ClauseCase, HttpCase):
    def test_round_trip(self):
        """The workbook of a library, imported into an empty one, gives the same clauses."""
        self.clauses[0].write(
            {"guidance": "Look", "basis": "=SUM(1)", "frequent_text": "One\nTwo", "photo_required": True}
        )
        self.env.cr.flush()
        self.steward.password = self.inspector.password = "a-Long-enough-1"
        self.authenticate(self.inspector.login, "a-Long-enough-1")
        response = self.url_open(f"/ctsp/clause/library/{self.library.id}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(tabular.read_sheet(response.content, "a.xlsx").rows[3][1][4], "Content 1.1")
        other = self.library.create({"name": "Copy", "code": "COPY"})
        job = self.env["ctsp.import.job"].with_user(self.steward).with_context(
            default_clause_library_id=other.id, lang=self.inspector.lang)
        job._load_file("ctsp.clause", response.content, "a.xlsx")
        names = ("section_name", "number", "object", "grade", "point", "content", "basis", "guidance", "photo_required",
                  "frequent_text")
        for old, new in zip(self.library.clause_ids.sorted(), other.clause_ids.sorted(), strict=True):
            self.assertEqual([old[name] for name in names], [new[name] for name in names])

    def test_foreign_comparison(self):
        """Nobody downloads another one's comparison, nor a workbook without signing in."""
        wizard = self.env["ctsp.clause.compare"].with_user(self.steward).create(
            {"left_id": self.library.id, "right_id": self.library.id})
        self.env.cr.flush()
        self.inspector.password = "a-Long-enough-1"
        self.authenticate(self.inspector.login, "a-Long-enough-1")
        self.assertEqual(self.url_open(f"/ctsp/clause/compare/ctsp.clause.compare/{wizard.id}").status_code, 404)
        self.assertEqual(self.url_open("/ctsp/clause/compare/res.users/2").status_code, 404)
        self.assertEqual(self.url_open("/ctsp/clause/library/999999").status_code, 404)
        self.authenticate(None, None)
        self.assertNotIn(
            "spreadsheet", self.url_open(f"/ctsp/clause/library/{self.library.id}").headers["Content-Type"]
        )


@tagged("post_install", "-at_install")
class TestPublishing(ClauseCase):
    def test_empty_is_not_published(self):
        """A library without clauses is not published."""
        empty = self.library.create({"name": "Empty", "code": "EMPTY"})
        with self.assertRaises(UserError):
            empty.action_publish()
