"""One run over everything that is configured: seal, verify, accept."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import PolicyError
from . import checkpoints as points
from .checkpoints import Checkpoints, Sealer
from .clocks import readable
from .files import canonical, make_folder, write_atomically
from .keying import keyed
from .ledger import Ledger
from .logs import LogSealer, Progress, quiet
from .report import Finding, Report
from .settings import FileSource, LogSource, Settings
from .snapshots import Snapshots
from .state import ACCEPTED, LOST, SourceState, StateDamaged, StateFile, read_signed
from .verify import LogVerifier, events


class Engine:
    """`key`: the sealing key, 32 bytes; `sealer`: signs checkpoints; `now`: the clock, seconds since the epoch."""

    def __init__(
        self,
        settings: Settings,
        key: bytes,
        sealer: Sealer | None = None,
        now: Callable[[], float] = time.time,
        progress: Progress = quiet,
    ):
        self.settings, self._now, self._progress = settings, now, progress
        self._chainer, self._tagger = keyed(key)
        self._checkpoints = Checkpoints(settings.checkpoints, sealer or Sealer(self._chainer))
        self._ledger = Ledger(settings.state, self._checkpoints, self._chainer)

    def seal(self) -> Report:
        """Seals everything and writes a checkpoint. A source that cannot be sealed is a finding, the others go on."""
        report = self._report("seal")
        heads = {}
        with self._locked():
            if not self._known_key(report):
                return self._finish(report)
            for source in self.settings.logs:
                head = self._seal_log(source, report)
                if head:
                    heads[source.name] = head
            for source in self.settings.files:
                snapshots = self._snapshots(source)
                if snapshots.load():
                    snapshots.check(register=True)
                    heads[source.name] = {"number": snapshots.head["number"], "chain": snapshots.head["chain"]}
                report.findings += snapshots.findings
                report.sources.append(_file_summary(source, snapshots))
            if heads:
                report.checkpoint, findings = self._ledger.checkpoint(self._host(), self._now(), heads)
                report.findings += findings
            self._ledger.remember(report.findings, self._now())
        return self._finish(report)

    def verify(self) -> Report:
        """Reads every sealed byte again. Nothing is written but the report."""
        report = self._report("verify")
        with self._locked():
            if not self._known_key(report):
                return self._finish(report)
            last = self._last_checkpoint(report)
            good, findings = self._checkpoints.verify(last)
            report.findings += [*findings, *self._ledger.recall(self._now())]
            for source in (*self.settings.logs, *self._vanished(report)):
                verifier = LogVerifier(
                    source,
                    self._folder(source),
                    self._chainer,
                    self._tagger,
                    self._now(),
                    points.wanted(good, source.name),
                    self._progress,
                )
                state = verifier.run()
                report.findings += [*verifier.findings, *events(state)]
                report.sources.append(_log_summary(source, state))
            for source in self.settings.files:
                self._verify_files(source, good, report)
            self._check_sources(good, report)
            report.checkpoint = last
        return self._finish(report)

    def accept(self, name: str, by: str, reason: str) -> int:
        """An administrator approves the changes of an access-control source, or the loss of log files. Returns how
        many.
        """
        if not by.strip() or not reason.strip():
            raise PolicyError("accepting a change needs a name and a reason")
        with self._locked():
            for source in self.settings.files:
                if source.name == name:
                    snapshots = self._snapshots(source)
                    return snapshots.accept(by, reason) if snapshots.load() else 0
            for source in self.settings.logs:
                if source.name == name:
                    return self._accept_log(source, by, reason)
            if name in (*self._ledger.known("logs"), *self._ledger.known("files")):
                self._ledger.retire(name, by, reason, self._now())
                return 1
        raise PolicyError(f"no source is called {name}")

    def status(self) -> list[dict]:
        """What is sealed so far, without reading the logs."""
        found = []
        for source in self.settings.logs:
            state = StateFile(self._folder(source) / "state.json", self._chainer).load(source.name, str(source.path))
            found.append({**_log_summary(source, state), "sealed_at": state.sealed_at})
        for source in self.settings.files:
            snapshots = self._snapshots(source)
            snapshots.load()
            found.append(_file_summary(source, snapshots))
        return found

    # -- parts ---------------------------------------------------------------------------------------------------

    def _seal_log(self, source: LogSource, report: Report) -> dict:
        sealer = LogSealer(source, self._folder(source), self._chainer, self._tagger, self._now, self._progress)
        try:
            state = sealer.run()
        except StateDamaged:
            report.findings.append(
                Finding("state_damaged", source.name, "封存状态文件被改动，未继续封存", path=str(source.path))
            )
            return {}
        except OSError as error:
            text = f"{source.path} 无法封存：{error.strerror or error}"
            report.findings.append(Finding("file_unreadable", source.name, text, path=str(source.path)))
            return {}
        report.findings += sealer.findings
        report.sources.append(
            {**_log_summary(source, state), "added_lines": sealer.added_lines, "added_bytes": sealer.added_bytes}
        )
        stream = state.streams[-1] if state.streams else None
        return (
            {"stream": stream.id, "number": stream.number, "chain": stream.chain, "lines": stream.lines}
            if stream
            else {}
        )

    def _verify_files(self, source: FileSource, good: list, report: Report) -> None:
        snapshots = self._snapshots(source)
        wanted = {
            checkpoint.body["heads"][source.name]["number"]: checkpoint.body["heads"][source.name]["chain"]
            for checkpoint in good
            if checkpoint.body["heads"].get(source.name, {}).get("number")
        }
        if snapshots.load(wanted):
            snapshots.check()
        report.findings += snapshots.findings
        report.sources.append(_file_summary(source, snapshots))

    def _accept_log(self, source: LogSource, by: str, reason: str) -> int:
        """Lost streams, or streams whose file no longer verifies, are closed with a record in their journal."""
        state_file = StateFile(self._folder(source) / "state.json", self._chainer)
        state = state_file.load(source.name, str(source.path))
        verifier = LogVerifier(source, self._folder(source), self._chainer, self._tagger, self._now(), {})
        verifier.run()
        wrong = {finding.detail.get("stream") for finding in verifier.findings if finding.severity == "error"}
        chosen = [stream for stream in state.streams if stream.status == LOST or stream.id in wrong]
        for stream in chosen:
            stream.status, stream.note = ACCEPTED, f"{by}：{reason}（{readable(self._now())}）"
        state_file.save(state)
        return len(chosen)

    def _last_checkpoint(self, report: Report) -> dict:
        state = self._ledger.state()
        if not state:
            report.findings.append(Finding("state_rolled_back", "检查点", "尚无封存状态", "warning"))
        return state.get("checkpoint", {})

    def _vanished(self, report: Report) -> list[LogSource]:
        """Logs sealed earlier that no line of the configuration names now: a pattern whose file is gone, or a
        line taken out. Their files must be there as long as those of any log.
        """
        names = {source.name for source in self.settings.logs}
        retired = self._ledger.retired()
        found = []
        for name in self._ledger.known("logs"):
            if name in names or name in retired:
                continue
            try:
                body = read_signed(self.settings.state / "logs" / name / "state.json", self._chainer)
            except StateDamaged:
                report.findings.append(Finding("state_damaged", name, "封存状态文件被改动"))
                continue
            source = LogSource(name, Path(body["path"]))
            found.append(source)
            if source.path.exists():
                report.findings.append(Finding("source_dropped", name, "曾经封存，现在不在配置中", path=body["path"]))
        return found

    def _check_sources(self, good: list, report: Report) -> None:
        """Access-control sources taken out of the configuration, and sources only checkpoints remember."""
        files = {source.name for source in self.settings.files}
        report.findings += self._ledger.dropped("files", files)
        known = {*files, *(source.name for source in self.settings.logs)}
        known |= {*self._ledger.known("logs"), *self._ledger.known("files"), *self._ledger.retired()}
        for name in sorted({name for checkpoint in good for name in checkpoint.body["heads"]} - known):
            report.findings.append(Finding("state_rolled_back", name, "检查点中有此来源，封存状态已不存在"))

    def _known_key(self, report: Report) -> bool:
        """A wrong key must not look like tampering everywhere."""
        try:
            self._ledger.state()
        except StateDamaged:
            report.findings.append(
                Finding("key_wrong", "封存", "封存密钥不符，或总状态文件被改动", path=str(self._ledger.path))
            )
            return False
        return True

    def _folder(self, source: LogSource | FileSource):
        return self.settings.state / ("logs" if isinstance(source, LogSource) else "files") / source.name

    def _snapshots(self, source: FileSource) -> Snapshots:
        return Snapshots(source, self._folder(source), self._chainer, self._tagger, self._now)

    def _host(self) -> str:
        return self.settings.host or socket.gethostname()

    def _report(self, action: str) -> Report:
        return Report(action, self._host(), self._now())

    def _finish(self, report: Report) -> Report:
        report.finished_at = self._now()
        if self.settings.report:
            path = self.settings.report / f"{report.action}.json"
            write_atomically(path, canonical(report.as_dict()) + b"\n", 0o640)
        return report

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One run at a time on this machine."""
        make_folder(self.settings.state)
        handle = os.open(self.settings.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise PolicyError("another run of sealing or verification is at work") from error
            yield
        finally:
            os.close(handle)


def _log_summary(source: LogSource, state: SourceState) -> dict:
    return {
        "source": source.name,
        "type": "log",
        "path": str(source.path),
        "streams": len(state.streams),
        "lines": sum(stream.lines for stream in state.streams),
        "bytes": sum(stream.offset for stream in state.streams),
    }


def _file_summary(source: FileSource, snapshots: Snapshots) -> dict:
    return {"source": source.name, "type": "file", "path": source.path, "files": len(snapshots.approved)}
