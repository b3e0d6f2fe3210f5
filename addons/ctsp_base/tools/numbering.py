"""Prefixes of document numbers as people read and write them: 沪药检〔{年}〕 instead of Odoo's own notation."""

YEAR = "%(range_year)s"
SHOWN = "{年}"


def shown(prefix):
    """Return the prefix of a sequence as the screen shows it."""
    return (prefix or "").replace(YEAR, SHOWN)


def stored(text):
    """Return what the sequence keeps for a prefix as people write it."""
    return (text or "").replace(SHOWN, YEAR)


def in_year(prefix, year):
    """Return the prefix, in either notation, as it is printed in ``year``."""
    return stored(prefix).replace(YEAR, str(year))
