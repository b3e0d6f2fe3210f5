"""Pinyin initials, by which users find Chinese names."""

import unicodedata

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Words that occur in names of hospitals and districts, read wrongly or unknown in the library's phrases.
load_phrases_dict({
    "长宁": [["cháng"], ["níng"]],
    "长征": [["cháng"], ["zhēng"]],
    "长海": [["cháng"], ["hǎi"]],
    "重症": [["zhòng"], ["zhèng"]],
    "血液": [["xuè"], ["yè"]],
    "瑞金": [["ruì"], ["jīn"]],
    "莘庄": [["xīn"], ["zhuāng"]],
    "朱家角": [["zhū"], ["jiā"], ["jiǎo"]],
})


def initials(text: str | None) -> str:
    """Return the lower-case initial of each Chinese character; letters and digits are kept, the rest is dropped.

    >>> initials("上海市同济医院")
    'shstjyy'
    """
    normal = unicodedata.normalize("NFKC", text or "")
    letters = "".join(lazy_pinyin(normal, style=Style.FIRST_LETTER, errors=_keep))
    return letters.lower()


def _keep(other: str) -> str:
    """Keep ASCII letters and digits of a run that has no pinyin."""
    return "".join(char for char in other if char.isascii() and char.isalnum())
