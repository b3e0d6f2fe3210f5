"""Written forms under which a value is found again: pure functions, text in, text out, "" for nothing to find.

A blind index is a keyed digest: it finds what is equal to the last bit, so that what people write differently
(full-width digits, blanks, hyphens, capitals) is brought into one form before.
"""
import re
import unicodedata


def exact(value):
    return value.strip()


def digits(value):
    """Telephone numbers: ``０２１-6377 0000`` → ``02163770000``."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", value))


def code(value):
    """Identity numbers and other codes: without blanks, in capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).upper()


def casefold(value):
    """E-mail addresses and names: whatever their capitals."""
    return unicodedata.normalize("NFKC", value).strip().casefold()


FORMS = {"exact": exact, "digits": digits, "code": code, "casefold": casefold}
