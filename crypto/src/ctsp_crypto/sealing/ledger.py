"""What belongs to no single source: the newest checkpoint, the sources ever sealed, and what sealing found on
the way.

Some things only the run of sealing sees (a clock going back, a log replaced between two runs). They go into a
chained journal, `events.jsonl`, and every verification repeats those of the last `DAYS` days, so that a report
that nobody read is not the end of them.
"""

from dataclasses import asdict
from pathlib import Path

from ..errors import VerificationFailed
from .checkpoints import Checkpoints
from .clocks import readable
from .journal import Chainer, Journal, JournalDamaged
from .journal import read as read_journal
from .report import ERROR, NOTE, WARNING, Finding
from .state import read_signed, write_signed

DAYS = 7
UNCHANGED = 86400  # seconds after which a checkpoint is written although nothing happened
_EMPTY = {"number": 0, "chain": "", "size": 0}


class Ledger:
    """`state/engine.json`, `state/events.jsonl`, `state/retired.json`."""

    def __init__(self, folder: Path, checkpoints: Checkpoints, chainer: Chainer):
        self.folder, self._checkpoints, self._chainer = folder, checkpoints, chainer
        self.path = folder / "engine.json"

    def state(self) -> dict:
        """Raises StateDamaged, which a wrong key looks like too."""
        return read_signed(self.path, self._chainer) if self.path.exists() else {}

    def _save(self, **changes) -> None:
        write_signed(self.path, {**self.state(), **changes}, self._chainer)

    # -- checkpoints -----------------------------------------------------------------------------------------------

    def checkpoint(self, host: str, now: float, heads: dict) -> tuple[dict, list[Finding]]:
        """The next checkpoint. Never writes over one that is there."""
        state = self.state()
        last, findings = self._continue(state.get("checkpoint", {}))
        if not findings and state.get("heads") == heads and now - state.get("at", 0) < UNCHANGED:
            return last, []
        added = self._checkpoints.add(host, now, heads, last)
        self._save(checkpoint=added, heads=heads, at=now)
        return added, findings

    def _continue(self, last: dict) -> tuple[dict, list[Finding]]:
        """After a killed run there is one checkpoint more than the state knows; if more, the state was put back."""
        later = [path for path in self._checkpoints.paths() if int(path.stem) > last.get("sequence", 0)]
        if not later:
            return last, []
        try:
            found = self._checkpoints.read(later[-1])
            newest = {"sequence": found.sequence, "digest": found.digest}
            killed = len(later) == 1 and found.body["previous"] == last.get("digest", "")
        except VerificationFailed:
            newest, killed = {"sequence": int(later[-1].stem), "digest": last.get("digest", "")}, False
        if killed:
            return newest, []
        text = f"检查点已到 {newest['sequence']}，封存状态只到 {last.get('sequence', 0)}"
        return newest, [Finding("state_rolled_back", "检查点", text, path=str(self.path))]

    # -- what sealing found ----------------------------------------------------------------------------------------

    def remember(self, findings: list[Finding], now: float) -> None:
        lasting = [finding for finding in findings if finding.severity == ERROR and finding.kind in LASTING]
        if not lasting:
            return
        head = self.state().get("events", _EMPTY)
        path = self.folder / "events.jsonl"
        journal = Journal(path, self._chainer, head["number"], bytes.fromhex(head["chain"]), head["size"]).open()
        try:
            for finding in lasting:
                journal.append({"at": round(now, 3), **asdict(finding)})
            journal.commit()
        finally:
            journal.close()
        self._save(events={"number": journal.number, "chain": journal.chain.hex(), "size": journal.size})

    def recall(self, now: float) -> list[Finding]:
        """As warnings: they have been errors once; what still is wrong is found again by verification itself."""
        head = self.state().get("events", _EMPTY)
        found, number, chain = [], 0, ""
        try:
            for entry in (
                read_journal(self.folder / "events.jsonl", self._chainer, head["size"]) if head["number"] else ()
            ):
                number, chain, record = entry.number + 1, entry.chain.hex(), dict(entry.record)
                at = record.pop("at")
                if now - at <= DAYS * 86400:
                    text = f"{record['message']}（{readable(at)} 封存时发现）"
                    found.append(Finding(**{**record, "severity": WARNING, "message": text}))
            if (number, chain) != (head["number"], head["chain"]):
                raise JournalDamaged(number, "the state says otherwise")
        except (OSError, JournalDamaged):
            return [
                Finding(
                    "journal_damaged", "封存", "封存时发现的问题的记录被改动", path=str(self.folder / "events.jsonl")
                )
            ]
        return found

    # -- sources that are watched no longer ------------------------------------------------------------------------

    def known(self, kind: str) -> list[str]:
        """Names of all sources that were ever sealed."""
        return sorted(path.parent.name for path in (self.folder / kind).glob("*/state.json"))

    def retired(self) -> dict[str, str]:
        """Name → who took it out of the configuration, and why."""
        path = self.folder / "retired.json"
        return read_signed(path, self._chainer) if path.exists() else {}

    def retire(self, name: str, by: str, reason: str, now: float) -> None:
        rows = {**self.retired(), name: f"{by}：{reason}（{readable(now)}）"}
        write_signed(self.folder / "retired.json", rows, self._chainer)

    def dropped(self, kind: str, configured: set[str]) -> list[Finding]:
        """Whoever can edit the configuration must not be able to hide a source."""
        retired = self.retired()
        found = []
        for name in self.known(kind):
            if name in configured:
                continue
            if name in retired:
                found.append(Finding("accepted", name, f"已停止封存。{retired[name]}", NOTE))
            else:
                found.append(Finding("source_dropped", name, "曾经登记，现在不在配置中"))
        return found


LASTING = frozenset({"clock_back", "tail_cut", "lines_differ", "file_missing", "state_rolled_back"})
