"""Verifying a log against its journals: first by segment (fast), then, where one does not match, line by line
to say which.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from . import localise, locate
from .clocks import readable
from .files import open_log
from .journal import Chainer, JournalDamaged
from .journal import read as read_journal
from .logs import Progress, quiet
from .report import ERROR, NOTE, WARNING, Finding
from .segments import Segment, Tagger, lines_of, read_chunks, split_tags
from .settings import LogSource
from .state import ACCEPTED, OPEN, SourceState, StateDamaged, StateFile, Stream

DAY = 86400

LINE_KINDS = {
    localise.DELETED: (
        "line_deleted",
        "已封存的第 {old} 行被删除",
        "已封存的第 {old} 至 {old_last} 行（{count} 行）被删除",
    ),
    localise.INSERTED: (
        "line_inserted",
        "第 {new} 行是封存后插入的",
        "第 {new} 至 {new_last} 行（{count} 行）是封存后插入的",
    ),
    localise.CHANGED: (
        "line_changed",
        "第 {new} 行被篡改（封存时为第 {old} 行）",
        "第 {new} 至 {new_last} 行（{count} 行）被篡改",
    ),
    localise.MOVED: (
        "line_moved",
        "封存时的第 {old} 行被移到第 {new} 行",
        "封存时的第 {old} 行起 {count} 行被移到第 {new} 行起",
    ),
    localise.CUT: ("tail_cut", "封存时的最后一行（第 {old} 行）被截去", "封存时的第 {old} 行起共 {count} 行被截去"),
    localise.BLOCK: ("lines_differ", "第 {new} 行起与封存时不一致", "第 {new} 行起约 {count} 行与封存时不一致"),
}

Wanted = dict[str, dict[int, str]]  # what checkpoints say: stream → number of journal line → chain


class LogVerifier:
    """Verifies one log. `wanted`: chains that checkpoints have signed; every one must be met in the journals."""

    def __init__(
        self,
        source: LogSource,
        folder: Path,
        chainer: Chainer,
        tagger: Tagger,
        now: float,
        wanted: Wanted,
        progress: Progress = quiet,
    ):
        self.source, self.folder, self._chainer, self._tagger = source, folder, chainer, tagger
        self._now, self._wanted, self._progress = now, wanted, progress
        self.findings: list[Finding] = []
        self.state = SourceState(source.name, str(source.path))

    def run(self) -> SourceState:
        try:
            self.state = StateFile(self.folder / "state.json", self._chainer).load(
                self.source.name, str(self.source.path)
            )
        except StateDamaged:
            self._find("state_damaged", "封存状态文件被改动，或封存密钥不符")
            return self.state
        if not self.state.streams and not self._wanted and not self.source.optional:
            self._find("file_unsealed", f"{self.source.path} 尚未封存", WARNING)
        for stream_id in self._wanted.keys() - {stream.id for stream in self.state.streams}:
            self._find("state_rolled_back", f"检查点中的封存记录 {stream_id} 已不存在", detail={"stream": stream_id})
        paths = locate.assign(self.state.streams, self.source)
        total = sum(stream.offset for stream in self.state.streams)
        done, previous = 0, None
        for stream in self.state.streams:
            self._stream(stream, previous, paths.get(stream.id), done, total)
            done, previous = done + stream.offset, stream
        self._strangers(set(paths.values()))
        return self.state

    def _find(self, kind: str, message: str, severity: str = ERROR, **more) -> None:
        self.findings.append(
            Finding(kind, self.source.name, message, severity, **{"path": str(self.source.path), **more})
        )

    def _stream(self, stream: Stream, previous: Stream | None, path: Path | None, done: int, total: int) -> None:
        if not self._journal(stream, previous) or stream.status == ACCEPTED:
            return
        if path is None:
            self._missing(stream)
            return
        try:
            with open_log(path) as content:
                for segment in self._segments(stream):
                    if hashlib.new("sm3", content.read(segment.length)).digest() != segment.digest:
                        break
                    self._progress(self.source.name, done + segment.end, total)
                else:
                    self._grown(stream, path, content)
                    return
        except locate.DAMAGED as error:
            self._find("file_unreadable", f"{path} 无法读取：{error}", path=str(path), detail={"stream": stream.id})
            return
        self._localise(stream, path)

    def _missing(self, stream: Stream) -> None:
        age = (self._now - stream.sealed_at) / DAY
        if not stream.offset:
            return
        text = f"已封存 {stream.lines} 行的日志文件（{stream.path}，{readable(stream.sealed_at)} 封存）找不到"
        if age <= self.source.retain_days:
            self._find("file_missing", text, path=stream.path, detail={"stream": stream.id})

    def _grown(self, stream: Stream, path: Path, content) -> None:
        """A rotated file was sealed to its end: nothing may follow."""
        if stream.status != OPEN and content.read(1):
            self._find(
                "line_inserted",
                f"{path} 封存结束（第 {stream.lines} 行）后又增加了内容",
                path=str(path),
                line=stream.lines + 1,
                detail={"stream": stream.id},
            )

    def _segments(self, stream: Stream) -> Iterator[Segment]:
        for entry in read_journal(self._path(stream), self._chainer, stream.size):
            if entry.number:
                yield entry.segment

    def _path(self, stream: Stream) -> Path:
        return self.folder / f"{stream.id}.jsonl"

    def _journal(self, stream: Stream, previous: Stream | None) -> bool:
        """The journal is whole, ends where the state says, continues the stream before, and holds what checkpoints
        signed.
        """
        wanted = dict(self._wanted.get(stream.id, {}))
        offset, number, chain = 0, -1, ""
        try:
            for entry in read_journal(self._path(stream), self._chainer, stream.size):
                number, chain = entry.number, entry.chain.hex()
                if wanted.pop(number + 1, chain) != chain:
                    raise JournalDamaged(number, "a checkpoint says otherwise")
                if number == 0:
                    self._header(entry.record, stream, previous)
                elif entry.record["offset"] != offset or entry.record["n"] != number:
                    raise JournalDamaged(number, "a gap")
                else:
                    offset += entry.record["length"]
            if (number + 1, chain, offset) != (stream.number, stream.chain, stream.offset):
                raise JournalDamaged(number, "the state says otherwise")
        except (OSError, JournalDamaged) as error:
            where = f"第 {error.number + 1} 条" if isinstance(error, JournalDamaged) else "文件缺失"
            self._find(
                "journal_damaged",
                f"封存记录 {stream.id} 不完整或被改动（{where}）",
                path=str(self._path(stream)),
                detail={"stream": stream.id},
            )
            return False
        if wanted:
            self._find(
                "state_rolled_back",
                f"封存记录 {stream.id} 比检查点旧，缺 {max(wanted) - stream.number} 条",
                path=str(self._path(stream)),
                detail={"stream": stream.id},
            )
        return True

    @staticmethod
    def _header(record: dict, stream: Stream, previous: Stream | None) -> None:
        before = {"stream": previous.id, "chain": record["previous"].get("chain")} if previous else {}
        if record["stream"] != stream.id or record["previous"] != before:
            raise JournalDamaged(0, "another stream")

    def _localise(self, stream: Stream, path: Path) -> None:
        old = (tag for segment in self._segments(stream) for tag in split_tags(segment.tags))
        with open_log(path) as content:
            new = (self._tagger.tag(line) for line in lines_of(read_chunks(content)))
            found = localise.changes(old, new, open_end=stream.status == OPEN)
        for change in found:
            kind, single, several = LINE_KINDS[change.kind]
            text = (single if change.count == 1 else several).format(
                old=change.old,
                new=change.new,
                count=change.count or "若干",
                old_last=change.old + change.count - 1,
                new_last=change.new + change.count - 1,
            )
            self._find(
                kind,
                f"{path}：{text}",
                path=str(path),
                line=change.new or change.old,
                count=change.count,
                detail={"stream": stream.id, "sealed_line": change.old},
            )
        if not found:
            self._find(
                "lines_differ",
                f"{path} 与封存时不一致（逐行摘要未能指出是哪一行）",
                path=str(path),
                detail={"stream": stream.id},
            )

    def _strangers(self, known: set[Path]) -> None:
        """Files that look rotated and belong to nothing sealed: new ones wait for the next run, others were put there.
        """
        for path in locate.candidates(self.source):
            if path not in known and path.stat().st_mtime < self.state.sealed_at:
                self._find("file_unsealed", f"{path} 不在封存记录中", WARNING, path=str(path))


def events(state: SourceState) -> list[Finding]:
    """Streams whose loss somebody has accepted stay readable in the report."""
    return [
        Finding(
            "accepted",
            state.source,
            f"日志 {stream.id} 的异常已确认。{stream.note}",
            NOTE,
            stream.path,
            detail={"stream": stream.id},
        )
        for stream in state.streams
        if stream.status == ACCEPTED
    ]
