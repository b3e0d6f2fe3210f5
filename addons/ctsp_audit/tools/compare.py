"""Finds what was done to sealed rows: pure functions, no database.

A finding is ``(kind, row identifier, column or None)``; kinds: ``altered``, ``missing``, ``added``, ``seal``.
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


def contents(rows, codes):
    """Compare the codes that rows carry with codes computed anew.

    :param rows: dicts with the columns, ``mac`` and ``macs``
    :param codes: for each row a dict ``{column: full code}``, ``""`` for the whole row
    :return: findings that name the column wherever one column's own code says so
    """
    findings = []
    for row, anew in zip(rows, codes):
        if anew[""] == row["mac"] and _shortened(anew) == (row["macs"] or {}):
            continue
        kept, fresh = row["macs"] or {}, _shortened(anew)
        columns = [name for name in layout.COLUMNS if kept.get(name) != fresh.get(name)]
        if anew[""] != row["mac"] and not columns:
            columns = ["mac"]
        findings += [("altered", row["id"], name) for name in columns]
    return findings


def _shortened(codes):
    return {name: code[:layout.SHORT] for name, code in codes.items() if name}
