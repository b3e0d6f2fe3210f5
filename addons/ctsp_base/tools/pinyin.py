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


# Surnames read otherwise than the same character in a word.
SURNAMES = {
    "单": "s", "曾": "z", "仇": "q", "解": "x", "查": "z", "区": "o", "朴": "p", "盖": "g", "缪": "m", "乐": "y",
    "翟": "z", "折": "s", "尉迟": "yc", "万俟": "mq", "单于": "cy", "澹台": "tt", "长孙": "zs", "令狐": "lh",
}


def initials(text: str | None, *, person: bool = False) -> str:
    """Return the lower-case initial of each Chinese character; letters and digits are kept, the rest is dropped.

    :param person: ``text`` is the name of a person, whose surname may have a reading of its own

    >>> initials("上海市同济医院")
    'shstjyy'
    >>> initials("单小明", person=True)
    'sxm'
    """
    normal = unicodedata.normalize("NFKC", text or "")
    if person:
        normal = normal.strip()
        for length in (2, 1):
            if letters := SURNAMES.get(normal[:length]):
                return letters + initials(normal[length:])
    return "".join(lazy_pinyin(normal, style=Style.FIRST_LETTER, errors=_keep)).lower()


def _keep(other: str) -> str:
    """Keep ASCII letters and digits of a run that has no pinyin."""
    return "".join(char for char in other if char.isascii() and char.isalnum())
