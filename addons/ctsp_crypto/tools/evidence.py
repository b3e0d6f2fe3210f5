"""What is protected of a row, as bytes, and what a comparison says: pure functions, no database.

Each protected field of a row has a keyed digest of its own, bound to model (by the derived key), row and field: copying
one elsewhere does not help. The code of an entry binds all digests to the row's revision, so that an older state with
its older digests is known as what it is.
"""
from typing import NamedTuple

from odoo.addons.ctsp_base.tools import canonical
from odoo.addons.ctsp_base.tools.digest import sm3

SIZE = 16  # hexadecimal characters of a field's digest
EMPTY = "0" * SIZE


class Entry(NamedTuple):
    """One revision of one row, as ``ctsp_integrity_entry`` holds it. ``digests``: joined, in the order of the list."""

    res_id: int
    revision: int
    version: int
    removed: bool
    digests: str
    mac: str
    key_version: int
    signature: str | None
    signature_key: str | None
    signer: str | None = None


class Finding(NamedTuple):
    """What does not hold. ``kind``: altered, added, missing, rolled_back, evidence, signature.

    ``present``: a code of what stands there now; the same alteration has the same one, another alteration another.
    """

    kind: str
    model: str
    res_id: int
    name: str | None = None
    revision: int | None = None
    present: str | None = None

    @property
    def place(self):
        """Where something was found, and of what kind."""
        return self.kind, self.model, self.res_id, self.name

    @property
    def identity(self):
        """What the same finding has each time it is found, and none that differs in anything."""
        return sm3("|".join(str(part or "") for part in self).encode())


def field_message(res_id, name, text):
    """Return the bytes of one field; ``text`` is None or the database's own text of the value."""
    head = f"{res_id}|{name}|".encode()
    return head + b"n" if text is None else head + b"t" + text.encode()


def entry_message(model, entry):
    """Return the bytes of an entry's code: everything it says, its signature included."""
    return "|".join(map(str, (
        model, entry.res_id, entry.revision, entry.version, int(entry.removed), entry.digests, entry.signature or "",
        entry.signature_key or "", entry.signer or ""))).encode()


def whole_message(entry, values):
    """Return the bytes that tell the present state of a row, with what stands as its evidence, from another."""
    return b"whole|" + canonical.encode({"evidence": entry.mac if entry else None, "values": values})


def code(text):
    """Return the bytes of a code as stored; b"" for what is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def statement(model, res_id, revision, version, values):
    """Return the bytes a signature covers: the values themselves, for whoever has no key to compute a digest."""
    return canonical.encode({
        "model": model, "id": res_id, "revision": revision, "version": version, "values": values})


def split(digests):
    return [digests[start:start + SIZE] for start in range(0, len(digests), SIZE)]


def by_name(entry, names):
    """Return ``{name: digest}`` of an entry made with the list ``names``."""
    return dict(zip(names, split(entry.digests)))


def altered(entry, names, anew):
    """Return the names whose digest computed anew differs from the entry's."""
    kept = by_name(entry, names)
    return [name for name in names if kept.get(name) != anew.get(name)]


def same_as(history, names_of, anew):
    """Return the newest revision among older entries whose digests are those of the present row, None without one.

    :param names_of: version → names
    :param anew: ``{name: digest}`` of the present row
    """
    for entry in sorted(history, key=lambda entry: -entry.revision):
        names = names_of.get(entry.version)
        if names and not entry.removed and not altered(entry, names, anew):
            return entry.revision
    return None
