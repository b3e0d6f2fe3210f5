"""The written record of ceremonies: who did what with which keys, when, in whose presence. A chain of HMACs,
and a text to print and sign.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..errors import PolicyError, VerificationFailed
from ..sealing.journal import Chainer, Journal, JournalDamaged
from ..sealing.journal import read as read_journal
from ..secret import Secret
from .derive import expand

ACTIONS = {
    "create": "创建密钥体系",
    "create_domain": "新建域密钥",
    "create_key": "新建数据密钥",
    "verify": "核验密钥",
    "backup": "备份",
    "restore": "恢复",
    "rotate": "轮换密钥",
    "rotate_root": "轮换根密钥",
    "rewrap": "重新加密下级密钥",
    "destroy": "销毁密钥",
}


@dataclass(frozen=True)
class Ceremony:
    """`operator` does it, `witnesses` see it; `detail`: key ids, versions, check values, never a key."""

    action: str
    operator: str
    witnesses: Sequence[str] = ()
    reason: str = ""
    detail: dict = field(default_factory=dict)


class Protocol:
    """The chain of ceremony records at `path`, under a key derived from the store's integrity key."""

    def __init__(self, path: Path, integrity: Secret):
        self.path = Path(path)
        self._chainer = Chainer(expand(integrity, b"protocol").reveal())

    def add(self, ceremony: Ceremony, now: datetime) -> dict:
        """Appends, flushed to the disk. Raises VerificationFailed when the chain so far does not hold."""
        if ceremony.action not in ACTIONS or not ceremony.operator.strip():
            raise PolicyError("a ceremony needs a known action and an operator")
        entries = self.entries()
        number, chain = len(entries), bytes.fromhex(entries[-1]["chain"]) if entries else b""
        size = self.path.stat().st_size if self.path.exists() else 0
        record = {
            "number": number + 1,
            "at": now.isoformat(timespec="seconds"),
            "action": ceremony.action,
            "operator": ceremony.operator,
            "witnesses": list(ceremony.witnesses),
            "reason": ceremony.reason,
            "detail": ceremony.detail,
        }
        journal = Journal(self.path, self._chainer, number, chain, size).open()
        try:
            journal.append(record)
            journal.commit()
        finally:
            journal.close()
        return {**record, "chain": journal.chain.hex()}

    def entries(self) -> list[dict]:
        """All records, each proved to continue the chain. Raises VerificationFailed."""
        if not self.path.exists():
            return []
        try:
            return [{**entry.record, "chain": entry.chain.hex()} for entry in read_journal(self.path, self._chainer)]
        except JournalDamaged as error:
            raise VerificationFailed(f"entry {error.number + 1} of the ceremony protocol was changed") from error


def text(entry: dict) -> str:
    """For the binder: a page to be signed by hand."""
    lines = [
        f"密钥仪式记录　第 {entry['number']} 号",
        f"时间：{entry['at']}",
        f"事项：{ACTIONS[entry['action']]}",
        f"操作人：{entry['operator']}",
        f"见证人：{'、'.join(entry['witnesses']) or '无'}",
        f"事由：{entry['reason'] or '无'}",
        "内容：",
    ]
    lines += [f"　{name}：{_plain(value)}" for name, value in entry["detail"].items()]
    return "\n".join(
        [*lines, f"校验码：{entry['chain'][:32]}", "", "操作人签字：＿＿＿＿＿＿　　见证人签字：＿＿＿＿＿＿", ""]
    )


def same(one: dict, other: dict) -> bool:
    return hmac.compare_digest(one["chain"], other["chain"])


def _plain(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
