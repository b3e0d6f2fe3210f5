"""The chain of seals: pure functions, no database.

A seal covers the rows that were committed since the one before, whatever their order: it lists each row's identifier
and MAC. Its digest includes the digest of the seal before; cutting, inserting or reordering seals breaks the chain.
"""
from odoo.addons.ctsp_base.tools import canonical
from odoo.addons.ctsp_base.tools.digest import sm3

START = "0" * 64


def digest(previous, rows):
    """Return the SM3 digest (hexadecimal) of a seal.

    :param previous: digest of the seal before, :data:`START` for the first
    :param rows: ``[(identifier, mac)]`` in the order of identifiers
    """
    lines = [previous, *(f"{row_id}:{mac}" for row_id, mac in rows)]
    return sm3("\n".join(lines).encode())


def message(seal):
    """Return the bytes of a seal that are signed."""
    return canonical.encode({
        name: seal[name] for name in ("date", "row_count", "first_date", "last_date", "previous", "digest", "mac_key")
    })


def months(rows):
    """Return ``rows`` (``(id, mac, date)``) in lists of one calendar month each.

    A seal never spans two, so that a month can be archived with all its seals.
    """
    parts = {}
    for row in rows:
        parts.setdefault((row[2].year, row[2].month), []).append(row)
    return [parts[month] for month in sorted(parts)]
