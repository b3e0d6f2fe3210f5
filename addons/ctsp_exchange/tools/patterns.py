"""Judges regular expressions that people enter: how many ways to match one text may force the engine to try. Pure."""
import math
import re

REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
WAYS = 9
"""what a pattern may cost: 3 for each repeat of no fixed count (three of them try the third power of a text's length),
1 for what is optional and for each choice"""


def check(text: str) -> None:
    """:raise re.error: ``text`` is no pattern; :raise ValueError: a sentence: it could run for ever"""
    if _ways(re._parser.parse(text)) > WAYS:
        raise ValueError("格式表达式不得含嵌套重复、重复中的多选，或过多的重复和可选部分")


def _ways(tree):
    """Return what a parsed pattern costs (:data:`WAYS`); without end where a repeat holds something that costs."""
    cost = 0
    for sign, value in tree:
        inner = sum(_ways(part) for part in _parts(value))
        if str(sign) in REPEATS:
            least, most = value[:2]
            if least == most:
                inner *= least or 1
            elif most == 1:
                inner += 1
            else:
                inner = math.inf if inner else 3
        cost += inner + (str(sign) == "BRANCH")
    return cost


def _parts(value):
    """Yield the patterns within a part of a parsed pattern."""
    if isinstance(value, re._parser.SubPattern):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _parts(item)
