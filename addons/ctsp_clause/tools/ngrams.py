"""Splits Chinese text for full-text search: no dictionary, every pair of neighbouring characters is a word."""
import re
import unicodedata

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{CJK}]+|[a-z0-9]+")
IS_CJK = re.compile(rf"[{CJK}]")


def normalise(text):
    """Return ``text`` as it is compared: full-width forms folded, lower case."""
    return unicodedata.normalize("NFKC", text or "").lower()


def tokens(text):
    """Return the single characters and the pairs of the Chinese runs of ``text``, and its other words."""
    found = set()
    for run in RUN.findall(text):
        if IS_CJK.match(run):
            found.update(run)
            found.update(run[index:index + 2] for index in range(len(run) - 1))
        else:
            found.add(run)
    return found


def terms(query):
    """Return the parts of a search, each of which has to occur; at most eight of fifty characters."""
    return [part[:50] for part in dict.fromkeys(normalise(query).split())][:8]


def like(term):
    """Return the pattern of LIKE that finds ``term`` anywhere, its wild cards taken as text."""
    return "%" + term.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def needed(term):
    """Return the tokens every text with ``term`` has; none where ``term`` may be a part of a longer word."""
    runs = RUN.findall(term)
    pairs = set()
    for run in runs:
        if IS_CJK.match(run):
            pairs.update([run] if len(run) == 1 else (run[index:index + 2] for index in range(len(run) - 1)))
    return pairs


def snippet(text, words, width=90):
    """Return ``[(text, is a hit)]``: the part of ``text`` around the first hit of ``words``, hits apart."""
    folded = normalise(text)
    if len(folded) != len(text):  # folding changed the length: places would be wrong
        folded = text.lower() if len(text.lower()) == len(text) else text
    places = [place for word in words if (place := folded.find(word)) >= 0]
    start = max(min(places, default=0) - width // 3, 0)
    end = min(start + width, len(text))
    marks = sorted({
        (match.start(), match.end()) for word in words for match in re.finditer(re.escape(word), folded[start:end])})
    parts, at = [("…", False)] if start else [], 0
    for begin, stop in marks:
        if begin < at:
            continue
        parts += [(text[start + at:start + begin], False), (text[start + begin:start + stop], True)]
        at = stop
    parts.append((text[start + at:end], False))
    if end < len(text):
        parts.append(("…", False))
    return [(part, hit) for part, hit in parts if part]
