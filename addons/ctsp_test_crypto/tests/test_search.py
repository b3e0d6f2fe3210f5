from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SecretCase


@tagged("post_install", "-at_install")
class TestEncryptedSearch(SecretCase):
    """Found by the whole value, however it is written; by nothing else that is not declared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.Secret.create({
            "name": "B", "mobile": "13898765432", "id_number": "110101199003077651", "born_on": "2000-01-31"})
        cls.empty = cls.Secret.create({"name": "C"})
        cls.all = cls.secret | cls.other | cls.empty

    def found(self, *domain):
        """Search in the database and in memory, which must agree."""
        result = self.Secret.search([("id", "in", self.all.ids), *domain])
        self.assertEqual(result, self.all.filtered_domain(list(domain)))
        return result

    def test_equal(self):
        for name, value in (
            ("mobile", "13812345678"), ("mobile", "138-1234-5678"), ("mobile", "１３８１２３４５６７８"),
            ("id_number", "11010119900307765x"), ("email", "ZHANG.SAN@example.org"), ("born_on", "1990-03-07"),
        ):
            with self.subTest(value):
                self.assertEqual(self.found((name, "=", value)), self.secret)
                self.assertEqual(self.found((name, "in", [value])), self.secret)
                self.assertEqual(self.found((name, "!=", value)), self.other | self.empty)

    def test_several(self):
        self.assertEqual(self.found(("mobile", "in", ["13812345678", "13898765432"])), self.secret | self.other)
        self.assertEqual(self.found(("mobile", "not in", ["13812345678", "13898765432"])), self.empty)
        self.assertEqual(self.found(("mobile", "in", ["13812345678", False])), self.secret | self.empty)
        self.assertEqual(self.found(("mobile", "not in", ["13812345678", False])), self.other)
        self.assertFalse(self.found(("mobile", "=", "no digits")))
        self.assertEqual(self.found(("mobile", "!=", "no digits")), self.all)

    def test_set_and_unset(self):
        for name in ("mobile", "id_number", "born_on"):
            self.assertEqual(self.found((name, "=", False)), self.empty)
            self.assertEqual(self.found((name, "!=", False)), self.secret | self.other)
        for name in ("remark", "facts"):
            self.assertEqual(self.found((name, "!=", False)), self.secret)
            self.assertEqual(self.found((name, "=", False)), self.other | self.empty)

    def test_before_flush(self):
        """What was just written is found."""
        self.empty.mobile = "13312345678"
        self.assertEqual(self.Secret.search([("mobile", "=", "13312345678")]), self.empty)
        self.empty.mobile = False
        self.assertFalse(self.Secret.search([("mobile", "=", "13312345678")]))

    def test_beginnings(self):
        """Beginnings of a declared length are found, others refused."""
        self.assertEqual(self.found(("mobile", "=like", "138%")), self.secret | self.other)
        self.assertEqual(self.found(("mobile", "=ilike", "138 9876%")), self.other)
        self.assertEqual(self.found(("mobile", "=ilike", "13812345678")), self.secret)
        self.assertFalse(self.found(("mobile", "=like", "139%")))
        for pattern in ("13%", "1381%", "%678", "1_8%"):
            with self.subTest(pattern), self.assertRaises(UserError):
                self.Secret.search([("mobile", "=like", pattern)])
        with self.assertRaises(UserError):
            self.Secret.search([("id_number", "=like", "110%")])

    def test_refused(self):
        for condition in (
            ("mobile", "ilike", "138"), ("mobile", "like", "138"), ("mobile", ">", "1"), ("born_on", "<", "2000-01-01"),
            ("remark", "=", "x"), ("remark", "ilike", "x"), ("born_on.year_number", "=", 1990),
        ):
            with self.subTest(condition):
                with self.assertRaises(UserError):
                    self.Secret.search([condition])
                with self.assertRaises(UserError):
                    self.all.filtered_domain([condition])

    def test_order_and_group(self):
        holder = self.env["ctsp.test.secret.holder"]
        for act in (
            lambda: self.Secret.search([], order="mobile"),
            lambda: self.Secret.search([], order="name, born_on desc"),
            lambda: holder.search([], order="first_mobile"),
            lambda: self.Secret._read_group([], ["mobile"]),
            lambda: self.Secret._read_group([], ["born_on:month"]),
            lambda: self.Secret._read_group([], [], ["mobile:array_agg"]),
            lambda: self.Secret._read_group([], [], ["mobile:count_distinct"]),
            lambda: holder._read_group([], ["first_mobile"]),
            lambda: self.Secret.formatted_read_group([], ["email"], ["__count"]),
        ):
            with self.assertRaises(UserError):
                act()
        self.assertEqual(self.Secret._read_group([("id", "in", self.all.ids)], [], ["mobile:count"]), [(2,)])

    def test_description(self):
        """The client offers neither order nor group."""
        described = self.Secret.fields_get(["mobile", "born_on"])
        for one in described.values():
            self.assertFalse(one["sortable"])
            self.assertFalse(one["groupable"])
            self.assertTrue(one["searchable"])
        described = self.env["ctsp.test.secret.holder"].fields_get(["first_email"])["first_email"]
        self.assertFalse(described["sortable"])
        self.assertFalse(described["groupable"])

    def test_pivots_and_graphs_come_up(self):
        """Views that group leave encrypted fields out of what can be grouped by."""
        views = self.Secret.get_views([(False, "list"), (False, "pivot"), (False, "graph")])
        offered = views["models"]["ctsp.test.secret"]["fields"]
        self.assertFalse([name for name, one in offered.items() if name in ("mobile", "email") and one["groupable"]])

    def test_name_search(self):
        """By name in part, by number as a whole."""
        self.assertEqual([id_ for id_, _ in self.Secret.name_search("138-1234-5678")], self.secret.ids)
        self.assertFalse(self.Secret.name_search("1381234567"))
        self.assertIn(self.secret.id, [id_ for id_, _ in self.Secret.name_search("A")])

    def test_index_is_bound_to_the_field(self):
        """Equal values of two fields have different indexes, and those of one field the same."""
        self.empty.write({"mobile": "13812345678", "email": "13812345678"})
        mine, mail = self.stored(self.empty, "crypto_index_mobile", "crypto_index_email")
        self.assertEqual(mine, self.stored(self.secret, "crypto_index_mobile")[0])
        self.assertNotEqual(mine, mail)

    def test_index_is_used(self):
        """PostgreSQL finds a value by the index, not by reading the table."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.Secret._search([("mobile", "=", "13812345678")])
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        self.assertIn("ctsp_test_secret__crypto_index_mobile_index", "\n".join(row for row, in self.env.cr.fetchall()))
