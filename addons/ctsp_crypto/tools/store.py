"""The key store on the database: records as the package's key ring writes and checks them, never a key in clear."""
import json
import threading
from contextlib import contextmanager
from dataclasses import fields

from odoo.tools import SQL

from ctsp_crypto.keys import KeyRecord
from ctsp_crypto.keys.store import check_id

LOCK = 7_202_641  # of pg_advisory_xact_lock: one change of keys at a time
_RENAMED = {"id": "key_id", "check": "check_value"}
COLUMNS = {field.name: _RENAMED.get(field.name, field.name) for field in fields(KeyRecord)}


class DatabaseStore:
    """``ctsp_crypto.keys.store.KeyStore`` on the tables of ``ctsp.crypto.key`` and ``ctsp.crypto.manifest``.

    It reads and writes through the cursor of whoever uses it at the moment (:meth:`at`), thread by thread.
    """

    def __init__(self):
        self._here = threading.local()

    @contextmanager
    def at(self, cr):
        before = getattr(self._here, "cr", None)
        self._here.cr = cr
        try:
            yield self
        finally:
            self._here.cr = before

    def records(self):
        return self._read(SQL("TRUE"))

    def versions(self, key_id):
        check_id(key_id)
        return self._read(SQL("key_id = %s", key_id))

    def save(self, record):
        check_id(record.id)
        values = {column: getattr(record, name) for name, column in COLUMNS.items()}
        self._here.cr.execute(SQL(
            "INSERT INTO ctsp_crypto_key (%s) VALUES (%s) ON CONFLICT (key_id, version) DO UPDATE SET %s",
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
            SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())))

    def get_manifest(self):
        self._here.cr.execute(SQL("SELECT content FROM ctsp_crypto_manifest ORDER BY id LIMIT 1"))
        row = self._here.cr.fetchone()
        return json.loads(row[0]) if row else {}

    def put_manifest(self, manifest):
        content = json.dumps(manifest)
        self._here.cr.execute(SQL("UPDATE ctsp_crypto_manifest SET content = %s", content))
        if not self._here.cr.rowcount:
            self._here.cr.execute(SQL("INSERT INTO ctsp_crypto_manifest (content) VALUES (%s)", content))

    @contextmanager
    def locked(self):
        """Until the end of the transaction."""
        self._here.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", LOCK))
        yield

    def _read(self, condition):
        self._here.cr.execute(SQL(
            "SELECT %s FROM ctsp_crypto_key WHERE %s ORDER BY key_id, version",
            SQL(", ").join(map(SQL.identifier, COLUMNS.values())), condition))
        texts = [name for name, field in KeyRecord.__dataclass_fields__.items() if field.type is str]
        found = []
        for row in self._here.cr.fetchall():
            values = dict(zip(COLUMNS, row))
            found.append(KeyRecord(**values | {name: values[name] or "" for name in texts}))
        return found
