"""Splits the text of a law into chapters and articles. Pure: text in, rows out.

Knows 第…编 / 章 / 节 as headings and 第…条 (also 第…条之一) at the beginning of a line as articles. A line that
only refers to an article (第三条的规定…) belongs to the article before: an article follows the one before it in number.
"""
import re
from typing import NamedTuple

from .numbers import NUMBER, chinese_number

HEADING = re.compile(rf"^第(?:{NUMBER.pattern})([编章节])[\s\u3000]*(.*)$")
ARTICLE = re.compile(rf"^(第({NUMBER.pattern})条(?:之({NUMBER.pattern}))?)([\s\u3000:：]*)(.*)$")
TITLED = re.compile(r"^[【（\[]([^】）\]]{1,40})[】）\]][\s\u3000]*")
SPACE = re.compile(r"[ \t\u3000\xa0]+")


class Article(NamedTuple):
    """One article: chapter it stands in, number as written, heading when it has one, text."""

    chapter: str
    number: str
    heading: str
    text: str


class Parsed(NamedTuple):
    """A law: what stands before its first article, and its articles."""

    preamble: str
    articles: list


def value(text):
    """Return the number that digits or Chinese numerals write."""
    return int(text) if text.isdecimal() else chinese_number(text)


def parse(text):
    """Return the :class:`Parsed` text of a law."""
    headings, preamble, articles, last = {}, [], [], (0, 0)
    for line in _lines(text):
        heading = HEADING.match(line)
        if heading and len(line) <= 40:
            headings = _headings(headings, heading.group(1), line)
            continue
        match = ARTICLE.match(line)
        number = match and (value(match.group(2)), value(match.group(3) or "0"))
        if match and _follows(last, number, match.group(4)):
            last = number
            articles.append(_article(headings, match))
        elif articles:
            articles[-1] = articles[-1]._replace(text=f"{articles[-1].text}\n{line}".strip())
        else:
            preamble.append(line)
    return Parsed("\n".join(preamble), articles)


def _lines(text):
    for line in (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = SPACE.sub(" ", line).strip()
        if line:
            yield line


def _headings(headings, level, line):
    order = "编章节"
    kept = {known: title for known, title in headings.items() if order.index(known) < order.index(level)}
    return kept | {level: line}


def _follows(last, number, gap):
    if number == (last[0] + 1, 0) or (number[0] == last[0] and number[1] == last[1] + 1):
        return True
    # a text may leave articles out (an excerpt); then the number stands alone before its text
    return bool(gap) and number > last


def _article(headings, match):
    text, heading = match.group(5).strip(), ""
    if titled := TITLED.match(text):
        heading, text = titled.group(1), text[titled.end():]
    return Article(" ".join(headings.values()), match.group(1), heading, text)
