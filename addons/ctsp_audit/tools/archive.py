"""The file of an archived month and what is signed about it: pure functions, no database.

A gzipped file of JSON lines, one row of the log each with all its columns, its codes and its seal, in the order of the
chain; beside it a manifest, the JSON of :data:`FACTS` with code and signature.
"""
import gzip
import json
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from odoo.addons.ctsp_base.tools import canonical
from odoo.addons.ctsp_base.tools.digest import sm3, sm3_stream

from . import row as layout

FORMAT = "ctsp-audit-archive/1"
#: What the code and the signature of an archive cover.
FACTS = ("month", "date", "operator", "row_count", "id_sum", "seal_count", "seals_digest", "file_name", "file_size",
         "file_digest", "mac_key")
PROOF = ("mac", "signature", "signature_key")


def message(facts):
    """Return the bytes of an archive that are signed; dates and numbers as they come from the database or the file."""
    values = {name: facts[name] for name in FACTS}
    values |= {"id_sum": int(values["id_sum"]), "month": str(values["month"]), "date": str(values["date"])}
    return canonical.encode({"format": FORMAT, **values})


def seals_digest(seals):
    """Return the digest over ``(identifier, digest, rows)`` of a month's seals in their order."""
    return sm3("\n".join(f"{number}:{digest}:{count}" for number, digest, count in seals).encode())


@contextmanager
def writing(path):
    """Give ``write(row, seal)``; the file has its name only once it is whole. The same rows give the same bytes."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        part.chmod(0o600)
        yield lambda row, seal: packed.write(_line(row, seal))
    part.replace(path)


def _line(row, seal):
    values = {name: row[name] for name in layout.STORED}
    return canonical.encode({**values, "seal": seal}) + b"\n"


def by_seal(path):
    """Yield ``(seal, rows)`` of a file in its order.

    :raise ValueError, KeyError, EOFError, OSError: this is no such file, or it is damaged
    """
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        # Odoo's own groupby reads the whole file first
        for seal, lines in groupby(map(_row, stream), key=itemgetter("seal")):  # pylint: disable=bad-builtin-groupby
            yield seal, list(lines)


def _row(line):
    row = json.loads(line)
    return {**row, "date": datetime.fromisoformat(row["date"])}


def file_facts(path):
    """Return name, size and SM3 digest of a file as :data:`FACTS` names them."""
    with path.open("rb") as stream:
        return {"file_name": path.name, "file_size": path.stat().st_size, "file_digest": sm3_stream(stream)}


def manifest_path(path):
    return Path(f"{path}.manifest.json")


def write_manifest(path, facts):
    values = {"format": FORMAT} | {name: facts[name] for name in (*FACTS, *PROOF)}
    target = manifest_path(path)
    target.write_text(json.dumps(values, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    target.chmod(0o600)
