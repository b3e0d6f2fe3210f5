"""Snapshots of access-control files: the state somebody has approved, chained; every other state is reported
until it is approved.

The first run registers what is there. After that a change is never taken over by itself: an administrator
accepts it with name and reason (`ctsp-crypto accept`), which adds a version to the chain. The approved versions
form a journal like that of a log.
"""

import hmac
import os
import stat
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from .access import Line, differences, parse
from .clocks import readable
from .journal import Chainer, Journal, JournalDamaged
from .journal import read as read_journal
from .report import NOTE, Finding
from .segments import Tagger
from .settings import FileSource, expand
from .state import StateDamaged, read_signed, write_signed

FIRST = "初次登记"
MAX_BYTES = 16 * 1024 * 1024


class Snapshots:
    """The approved versions of one source's files."""

    def __init__(self, source: FileSource, folder: Path, chainer: Chainer, tagger: Tagger, now: Callable[[], float]):
        self.source, self.folder, self._chainer, self._tagger, self._now = source, folder, chainer, tagger, now
        self._journal_path, self._state_path = folder / "versions.jsonl", folder / "state.json"
        self.findings: list[Finding] = []
        self.approved: dict[str, dict] = {}
        self.head = {"number": 0, "chain": "", "size": 0}

    def _find(self, kind: str, message: str, severity: str = "error", **more) -> None:
        self.findings.append(Finding(kind, self.source.name, message, severity, **more))

    def load(self, wanted: dict[int, str] | None = None) -> bool:
        """Reads the approved versions; False when they cannot be trusted. `wanted`: chains that checkpoints have
        signed.
        """
        wanted = dict(wanted or {})
        try:
            if self._state_path.exists():
                self.head = read_signed(self._state_path, self._chainer)["head"]
                self._replay(wanted)
        except (OSError, StateDamaged, JournalDamaged):
            self._find("state_damaged", "已批准版本的记录被改动，或封存密钥不符", path=str(self._journal_path))
            return False
        if wanted:
            self._find("state_rolled_back", "已批准版本的记录比检查点旧", path=str(self._journal_path))
            return False
        return True

    def _replay(self, wanted: dict[int, str]) -> None:
        number, chain = 0, ""
        for entry in read_journal(self._journal_path, self._chainer, self.head["size"]):
            number, chain = entry.number + 1, entry.chain.hex()
            if wanted.pop(number, chain) != chain:
                raise JournalDamaged(number, "a checkpoint says otherwise")
            if entry.record.get("removed"):
                self.approved.pop(entry.record["path"], None)
            else:
                self.approved[entry.record["path"]] = entry.record
        if (number, chain) != (self.head["number"], self.head["chain"]):
            raise JournalDamaged(number, "the state says otherwise")

    def check(self, register: bool = False) -> None:
        """Compares what is there with what is approved; `register` takes the very first state as approved."""
        first = not self.head["number"]
        present = [str(path) for path in expand(self.source.path)]
        if first and register:
            # also where nothing is there yet: what appears later has not been approved by anybody
            begun = {"path": self.source.path, "removed": True, "at": round(self._now(), 3), "by": FIRST, "reason": ""}
            self._append([begun, *(self._take(path, FIRST, "") for path in present)])
            if present:
                self._find("started", f"登记 {len(present)} 个文件", NOTE)
            elif not self.source.optional:
                self._find("access_missing", f"{self.source.path} 不存在", path=self.source.path)
            return
        if first and present:
            self._find("access_new", f"{self.source.path} 尚未登记", "warning", path=self.source.path)
            return
        for path in present:
            if path in self.approved:
                self._compare(path)
            else:
                self._find("access_new", f"{path} 未经登记", path=path)
        for path in sorted(self.approved.keys() - set(present)):
            self._find("access_missing", f"{path} 已不存在", path=path)
        if not present and not self.approved and not self.source.optional:
            self._find("access_missing", f"{self.source.path} 不存在", path=self.source.path)

    def _compare(self, path: str) -> None:
        old = self.approved[path]
        try:
            new = self._take(path, "", "")
        except OSError as error:
            self._find("file_unreadable", f"{path} 无法读取：{error.strerror}", path=path)
            return
        for name, label in (("mode", "权限"), ("owner", "属主"), ("group", "属组"), ("link", "链接目标")):
            if old[name] != new[name]:
                self._find(
                    "access_changed", f"{path} 的{label}由 {old[name] or '无'} 变为 {new[name] or '无'}", path=path
                )
        if hmac.compare_digest(old["digest"], new["digest"]):
            return
        lines = [[Line(**line) for line in record["lines"]] for record in (old, new)]
        for change in differences(*lines, self.source.kind):
            self._find(
                "access_changed",
                f"{path}：{change.text}",
                path=path,
                line=change.line,
                detail={"approved_version": old["version"], "approved_at": readable(old["at"])},
            )

    def _take(self, path: str, by: str, reason: str) -> dict:
        """A record of the file as it is, without secrets."""
        with open(path, "rb") as stream:
            about = os.fstat(stream.fileno())
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise OSError(27, "文件过大")
        return {
            "path": path,
            "version": self.approved.get(path, {}).get("version", 0) + 1,
            "at": round(self._now(), 3),
            "by": by,
            "reason": reason,
            "mode": oct(stat.S_IMODE(about.st_mode))[2:].zfill(4),
            "owner": about.st_uid,
            "group": about.st_gid,
            "link": str(Path(path).readlink()) if Path(path).is_symlink() else "",
            "digest": self._chainer.mac(b"file" + content).hex(),
            "lines": [asdict(line) for line in parse(content, self.source.kind, self._tagger)],
        }

    def accept(self, by: str, reason: str) -> int:
        """Approves everything as it is now; the number of files that got a new version."""
        self.findings.clear()
        self.check()
        paths = {finding.path for finding in self.findings if finding.kind in ("access_changed", "access_new")}
        present = {str(path) for path in expand(self.source.path)}
        records = [
            self._take(path, by, reason) for path in sorted(present if self.source.path in paths else paths & present)
        ]
        removed = [
            {"path": path, "removed": True, "at": round(self._now(), 3), "by": by, "reason": reason}
            for path in sorted(self.approved.keys() - present)
        ]
        self._append([*records, *removed])
        return len(records) + len(removed)

    def _append(self, records: list[dict]) -> None:
        journal = Journal(
            self._journal_path, self._chainer, self.head["number"], bytes.fromhex(self.head["chain"]), self.head["size"]
        ).open()
        try:
            for record in records:
                journal.append(record)
                if record.get("removed"):
                    self.approved.pop(record["path"], None)
                else:
                    self.approved[record["path"]] = record
            journal.commit()
        finally:
            journal.close()
        self.head = {"number": journal.number, "chain": journal.chain.hex(), "size": journal.size}
        write_signed(self._state_path, {"source": self.source.name, "head": self.head}, self._chainer)
