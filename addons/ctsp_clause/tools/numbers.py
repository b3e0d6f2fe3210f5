"""Numbers of clauses and articles as people write them."""
import re

DIGITS = re.compile(r"\d+")


def sort_key(number):
    """Return a text that sorts numbers as people count: 2.9 before 2.10, A2 before A10."""
    return DIGITS.sub(lambda match: match.group().zfill(5), (number or "").strip())
