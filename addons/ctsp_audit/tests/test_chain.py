from datetime import datetime

from odoo.tests import TransactionCase, tagged

from odoo.addons.ctsp_audit.tools import chain, compare, row
from odoo.addons.ctsp_base.tools import canonical
from odoo.addons.ctsp_base.tools.digest import sm3


def stored(number, **values):
    """A row as the platform stores it, with its codes."""
    line = {"id": number, "date": datetime(2026, 11, 1, 8), "event": "write", "login": "li", "success": True, **values}
    filled = row.texts(line)
    macs = row.codes(sm3(row.key_message(line)), filled)
    line |= {"macs": macs, "mac_key": "sm3"}
    return line | {"mac": sm3(row.whole(line, filled, macs))}


def genuine(line):
    return sm3(row.whole(line, row.texts(line), line["macs"])) == line["mac"]


def altered(line):
    return compare.altered_columns(line, row.codes(sm3(row.key_message(line)), row.texts(line)))


@tagged("post_install", "-at_install")
class TestCodes(TransactionCase):
    """Whatever is done to a row is found, and its column named."""

    def test_untouched(self):
        self.assertTrue(genuine(stored(7, after={"name": "甲"}, res_count=0)))

    def test_every_column(self):
        values = {
            "user_id": 2, "ip": "10.0.0.1", "session": "s", "request_id": "r", "channel": "web", "model": "res.users",
            "res_id": 3, "res_ids": [3], "res_count": 1, "record_name": "乙", "before": {"a": 1}, "after": {"a": 2},
            "detail": {"k": "v"},
        }
        others = {
            "date": datetime(2026, 11, 1, 9), "user_id": 4, "res_id": 9, "res_ids": [9], "res_count": 2,
            "before": {"a": 9}, "after": None, "detail": {"k": "w"}, "success": False,
        }
        for name in row.COLUMNS:
            line = stored(7, **values)
            line[name] = others.get(name, "x")
            self.assertFalse(genuine(line))
            self.assertEqual(altered(line), [name])

    def test_filled_afterwards(self):
        line = stored(7) | {"detail": {"k": "v"}}
        self.assertFalse(genuine(line))
        self.assertEqual(altered(line), ["detail"])

    def test_the_quick_way_is_canonical(self):
        """Plain values are written as the canonical form has them."""
        for value in ("甲\n\"\\\u2028\x7f", True, False, 0, -7, 10**18, datetime(2026, 1, 2, 3), {"b": 1, "a": [None]}):
            self.assertEqual(row.texts({"detail": value})["detail"].encode(), canonical.encode(value))

    def test_codes_themselves(self):
        """Key, whole code and column codes are covered too."""
        line = stored(7)
        self.assertFalse(genuine(line | {"mac_key": "other"}))
        self.assertEqual(altered(line | {"mac": "0" * 64}), ["mac"])
        self.assertFalse(genuine(line | {"macs": {**line["macs"], "login": "0" * 16}}))

    def test_codes_of_another_row(self):
        """Copying a row with all its codes under another number is found: the number is part of what they cover."""
        line = stored(7) | {"id": 8}
        self.assertFalse(genuine(line))

    def test_seal_lists_its_rows(self):
        self.assertEqual(compare.sealed_rows({1: "a", 2: "b"}, {1: "a", 2: "b"}), [])
        self.assertEqual(compare.sealed_rows({1: "a", 2: "b"}, {1: "a"}), [("missing", 2, None)])
        self.assertEqual(compare.sealed_rows({1: "a"}, {1: "x"}), [("altered", 1, "mac")])

    def test_chain(self):
        rows = [(1, "a"), (2, "b")]
        digest = chain.digest(chain.START, rows)
        self.assertNotEqual(digest, chain.digest(chain.START, rows[::-1]))
        self.assertNotEqual(digest, chain.digest("1" * 64, rows))
        self.assertNotEqual(digest, chain.digest(chain.START, [*rows, (3, "c")]))

    def test_a_seal_spans_no_two_months(self):
        dates = datetime(2026, 12, 1), datetime(2026, 11, 30, 23, 59), datetime(2026, 12, 2)
        rows = list(zip((1, 2, 3), "abc", dates))
        self.assertEqual(chain.months(rows), [[rows[1]], [rows[0], rows[2]]])

    def test_values_survive_the_database(self):
        """What PostgreSQL would change on the way is changed before the code is computed."""
        value = {"text": "a\x00b", "number": 0.1, "big": 10**18, "list": [1.5, None, True], 3: "key"}
        self.assertEqual(row.plain("\ud800甲"), "?甲")
        expected = {"text": "a\ufffdb", "number": "0.1", "big": 10**18, "list": ["1.5", None, True], "3": "key"}
        self.assertEqual(row.plain(value), expected)
