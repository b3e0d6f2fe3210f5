"""Access-control files as records without secrets, and what changed between two of them, in words. Pure.

Lines of passwd, shadow, group and gshadow are compared by their first field (the account), the others by
position. A password hash is replaced by what it means (set, locked, empty, no login) before anything is stored;
that it changed shows in a keyed tag, never in its value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from .segments import Tagger

FIELDS = {
    "passwd": ("账户", "口令", "UID", "GID", "说明", "主目录", "登录 Shell"),
    "shadow": ("账户", "口令散列", "上次修改", "最短期限", "最长期限", "提醒天数", "宽限天数", "失效日期", "保留"),
    "group": ("组", "口令", "GID", "成员"),
    "gshadow": ("组", "口令散列", "管理员", "成员"),
}
SECRET_FIELD = 1
OPEN_VALUES = {"x": "x", "": "（空口令）", "*": "*", "!": "!", "!!": "!!", "!*": "!*"}


@dataclass(frozen=True)
class Line:
    """`text`: what may be shown; `tag`: of the whole line; `secret`: tag of its password field, empty if there is
    none.
    """

    text: str
    tag: str
    secret: str = ""

    @property
    def key(self) -> str:
        return self.text.split(":", 1)[0]


@dataclass(frozen=True)
class Change:
    """`line`: number in the present file, or in the former one for what was removed."""

    line: int
    text: str


def parse(content: bytes, kind: str, tagger: Tagger) -> list[Line]:
    return [_line(raw, kind, tagger) for raw in content.split(b"\n")] if content else []


def _line(raw: bytes, kind: str, tagger: Tagger) -> Line:
    text = raw.decode("utf-8", "backslashreplace")
    tag = tagger.tag(raw).hex()
    parts = text.split(":")
    if kind not in FIELDS or len(parts) <= SECRET_FIELD:
        return Line(text, tag)
    hashed = parts[SECRET_FIELD]
    parts[SECRET_FIELD] = _meaning(hashed)
    return Line(":".join(parts), tag, tagger.tag(b"secret" + hashed.encode()).hex())


def _meaning(hashed: str) -> str:
    if hashed in OPEN_VALUES:
        return OPEN_VALUES[hashed]
    return "（已锁定）" if hashed.startswith("!") else "（已设口令）"


def differences(old: list[Line], new: list[Line], kind: str) -> list[Change]:
    """What turned `old` into `new`; empty when every line is the same."""
    if [line.tag for line in old] == [line.tag for line in new]:
        return []
    changes = list(_by_account(old, new, kind) if kind in FIELDS else _by_line(old, new))
    return changes or [Change(1, "行的顺序或空白有变化")]


def _by_account(old: list[Line], new: list[Line], kind: str) -> Iterator[Change]:
    names = FIELDS[kind]
    before = {line.key: (number, line) for number, line in enumerate(old, 1) if line.text}
    after: dict[str, tuple[int, Line]] = {}
    for number, line in enumerate(new, 1):
        if not line.text:
            continue
        if line.key in after:
            yield Change(number, f"{names[0]} {line.key} 重复出现：{line.text}")
        after.setdefault(line.key, (number, line))
    for key, (number, line) in after.items():
        if key not in before:
            yield Change(number, f"新增{names[0]} {key}：{line.text}")
        elif before[key][1].tag != line.tag:
            yield Change(number, f"{names[0]} {key}：{'；'.join(_fields(before[key][1], line, names))}")
    for key, (number, line) in before.items():
        if key not in after:
            yield Change(number, f"删除{names[0]} {key}：{line.text}")


def _fields(old: Line, new: Line, names: tuple[str, ...]) -> list[str]:
    before, after = old.text.split(":"), new.text.split(":")
    width = max(len(before), len(after))
    before += [""] * (width - len(before))
    after += [""] * (width - len(after))
    found = []
    for index in range(width):
        name = names[index] if index < len(names) else f"第 {index + 1} 项"
        if before[index] != after[index]:
            found.append(f"{name}由“{before[index]}”改为“{after[index]}”")
        elif index == SECRET_FIELD and old.secret != new.secret:
            found.append(f"{name}已变化")
    return found or ["内容有变化"]


def _by_line(old: list[Line], new: list[Line]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [line.tag for line in old], [line.tag for line in new], autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        paired = min(a2 - a1, b2 - b1)
        for step in range(paired):
            yield Change(b1 + step + 1, f"第 {b1 + step + 1} 行由“{old[a1 + step].text}”改为“{new[b1 + step].text}”")
        for a in range(a1 + paired, a2):
            yield Change(a + 1, f"删除原第 {a + 1} 行“{old[a].text}”")
        for b in range(b1 + paired, b2):
            yield Change(b + 1, f"新增第 {b + 1} 行“{new[b].text}”")
