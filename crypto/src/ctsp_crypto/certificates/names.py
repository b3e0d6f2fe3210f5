"""Distinguished names as people read them: CN=张三,O=机构,C=CN (RFC 4514 order and escapes)."""

import unicodedata

from asn1crypto import core, x509

from . import oids

_ESCAPED = set(',+"\\<>;=')


def name_text(name: x509.Name) -> str:
    """The most specific part first."""
    parts = []
    for group in reversed(list(name.chosen)):
        parts.append("+".join(f"{_label(pair['type'].dotted)}={_escape(str(pair['value'].native))}" for pair in group))
    return ",".join(parts)


def comparable(name: x509.Name) -> tuple:
    """Two names are equal if these are: case, width and runs of blanks do not count (RFC 5280 §7.1).

    Not asn1crypto's own comparison: it refuses characters younger than Unicode 3.2, which names of Chinese
    people hold.
    """
    return tuple(
        frozenset((pair["type"].dotted, _folded(str(pair["value"].native))) for pair in group) for group in name.chosen
    )


def _folded(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def attribute(name: x509.Name, label: str) -> str:
    """The first value of CN, O, …; empty without one."""
    for group in name.chosen:
        for pair in group:
            if _label(pair["type"].dotted) == label:
                return str(pair["value"].native)
    return ""


def build(parts: list[tuple[str, str]]) -> x509.Name:
    """A name of (label, value) pairs, the most general first; UTF8String but for countries (PrintableString)."""
    known = {label: oid for oid, label in oids.ATTRIBUTES.items()}
    return x509.Name(
        name="",
        value=x509.RDNSequence(
            [
                x509.RelativeDistinguishedName(
                    [x509.NameTypeAndValue({"type": known[label], "value": _directory_string(label, value)})]
                )
                for label, value in parts
            ]
        ),
    )


def parse(text: str) -> list[tuple[str, str]]:
    """`C=CN,O=机构,CN=张三` as given on the command line, in that order. Raises ValueError with the part that is
    wrong.
    """
    known = set(oids.ATTRIBUTES.values())
    parts = []
    for piece in text.split(","):
        label, sign, value = piece.strip().partition("=")
        if not sign or label.upper() not in known or not value:
            raise ValueError(piece.strip())
        parts.append((label.upper(), value))
    return parts


def _directory_string(label: str, value: str):
    if label == "C":
        return core.PrintableString(value)
    return x509.EmailAddress(value) if label == "E" else x509.DirectoryString("utf8_string", value)


def _label(oid: str) -> str:
    return oids.ATTRIBUTES.get(oid, oid)


def _escape(value: str) -> str:
    text = "".join(f"\\{char}" if char in _ESCAPED else char for char in value)
    return text.replace("\n", "\\0A").replace("\0", "\\00")
