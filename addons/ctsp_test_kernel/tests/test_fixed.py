from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestFixed(CtspCase):
    """Rows that are fixed with the record they are part of; what they may be filled with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        documents = cls.env["ctsp.test.document"].with_user(cls.role("filing_officer"))
        cls.open, cls.handed_in = documents.create([{"name": "open"}, {"name": "handed in"}])
        rows = cls.env["ctsp.test.document.row"].with_user(cls.role("filing_officer"))
        cls.free, cls.bound = rows.create([
            {"document_id": document.id, "name": "row"} for document in (cls.open, cls.handed_in)])
        cls.handed_in.run_transition("submit")
        cls.env.flush_all()

    def test_rows_follow_their_whole(self):
        """Nothing is added, changed, moved there or deleted once the whole is handed in; what is no content stays."""
        attempts = (
            lambda: self.bound.write({"name": "x"}),
            lambda: self.bound.unlink(),
            lambda: self.bound.sudo().write({"name": "x"}),
            lambda: self.bound.create({"document_id": self.handed_in.id, "name": "x"}),
            lambda: self.free.write({"document_id": self.handed_in.id}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual(self.bound.name, "row")
        self.bound.remark = "seen"
        self.free.name = "changed"
        self.free.unlink()

    def test_reading_asks_nothing(self):
        """One query reads rows: whether they are fixed is asked by writing only, once in a transaction."""
        self.free.read(["name"])  # rights are known by now
        self.free.invalidate_recordset()
        with self.assertQueryCount(1):
            self.free.read(["name"])
        self.free.name = "a"
        self.env.flush_all()
        with self.assertQueryCount(1):  # nothing but the row itself
            self.free.name = "b"
            self.env.flush_all()

    def test_terms_of_another_dictionary(self):
        """A field takes the terms of its dictionary only, by whatever way they come."""
        level = self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", "institution_level")], limit=1)
        alien = self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", "post")], limit=1)
        self.free.level_id = level
        values = {"document_id": self.open.id, "name": "x"}
        attempts = (
            lambda: self.free.write({"level_id": alien.id}),
            lambda: self.free.create({**values, "level_id": alien.id}),
            lambda: self.free.with_context(default_level_id=alien.id).create(values),
            lambda: self.free.sudo().write({"level_id": alien.id}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(ValidationError), self.cr.savepoint():
                attempt()
        self.assertEqual(self.free.level_id, level)
