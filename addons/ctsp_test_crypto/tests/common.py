import datetime
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tests.common import CryptoCase

VALUES = {
    "name": "A", "mobile": "138 1234 5678", "id_number": "11010119900307765X", "email": "Zhang.San@Example.org",
    "born_on": datetime.date(1990, 3, 7), "remark": "听力受损，需要陪同", "facts": {"children": ["甲", "乙"]},
    "seal": b"c2VhbA==",
}
"""of an invented person"""
CLEAR = ("13812345678", "138 1234 5678", "11010119900307765", "zhang.san", "1990-03-07", "听力受损", "甲", "c2VhbA")


class SecretCase(CryptoCase):
    """Secrets as the database holds them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Secret = cls.env["ctsp.test.secret"]
        cls.secret = cls.Secret.create(dict(VALUES))

    def stored(self, record, *names):
        """Return what the row holds, past the ORM."""
        self.env.flush_all()
        columns = SQL(", ").join(map(SQL.identifier, names)) if names else SQL("*")
        self.env.cr.execute(SQL("SELECT %s FROM %s WHERE id = %s", columns, SQL.identifier(record._table), record.id))
        return tuple(bytes(one) if isinstance(one, memoryview) else one for one in self.env.cr.fetchone())

    def set_stored(self, record, name, value):
        """Do what somebody at the database would do."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "UPDATE %s SET %s = %s WHERE id = %s",
            SQL.identifier(record._table), SQL.identifier(name), value, record.id))
        self.env.invalidate_all()

    @contextmanager
    def calls(self, name):
        """Give a list that grows by each call of a method of the door: the number of values asked for."""
        door, sizes = type(self.env["ctsp.crypto"]), []
        real = getattr(door, name)

        def counted(crypto, *args, **kwargs):
            sizes.append(len(next(arg for arg in args if isinstance(arg, list))))
            return real(crypto, *args, **kwargs)

        with patch.object(door, name, counted):
            yield sizes
