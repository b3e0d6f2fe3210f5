"""Finds what was done to sealed rows: pure functions, no database.

A finding is ``(kind, row identifier, column or None)``; kinds: ``altered``, ``missing``, ``added``, ``unproven``,
``unkeyed``, ``seal``.
"""
from . import row as layout


def sealed_rows(sealed, present):
    """Compare what a seal lists with what is there.

    :param sealed: ``{identifier: mac}`` of the seal
    :param present: ``{identifier: mac}`` of the rows found
    :return: findings about rows that are gone and rows whose code was exchanged
    """
    findings = [("missing", number, None) for number in sealed if number not in present]
    findings += [("altered", number, "mac") for number, mac in present.items() if sealed.get(number, mac) != mac]
    return findings


def altered_columns(row, fresh):
    """Name what was altered in a row whose whole code does not fit.

    :param fresh: the codes of its filled columns, computed anew
    :return: columns whose own code says so; ``mac_key`` where none of them fits, ``mac`` where all of them do
    """
    kept = row["macs"] or {}
    named = [name for name in layout.COLUMNS if kept.get(name) != fresh.get(name)]
    if named and not any(kept.get(name) == code for name, code in fresh.items()):
        return ["mac_key"]
    return named or ["mac"]
