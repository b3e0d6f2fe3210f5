"""Sealing a log as it grows: each run measures what has been added since the last one and adds it to the
journal of the stream.

Work is committed every `COMMIT_BYTES`: journal to the disk, then state replaced; a run that is killed continues
from there. Rotation is recognised by content (rename + create, copytruncate, compression): the rotated file is
sealed to its end before the new one is begun.
"""

import os
import uuid
from collections.abc import Callable
from pathlib import Path

from . import locate
from .clocks import Watch, readable
from .files import open_log, skip
from .journal import Chainer, Journal, segment_record
from .report import ERROR, NOTE, WARNING, Finding
from .segments import Segment, Tagger, lines_of, read_chunks, segments_of
from .settings import LogSource
from .state import CLOSED, LOST, SourceState, StateFile, Stream

COMMIT_BYTES = 32 * 1024 * 1024

Progress = Callable[[str, int, int], None]


def quiet(_label: str, _done: int, _total: int) -> None:
    """No progress shown."""


class LogSealer:
    """Seals one log. `folder`: where its state and journals are kept; `now`: the clock, seconds since the epoch."""

    def __init__(
        self,
        source: LogSource,
        folder: Path,
        chainer: Chainer,
        tagger: Tagger,
        now: Callable[[], float],
        progress: Progress = quiet,
    ):
        self.source, self.folder, self._chainer, self._tagger = source, folder, chainer, tagger
        self._now, self._progress = now, progress
        self._state_file = StateFile(folder / "state.json", chainer)
        self.findings: list[Finding] = []
        self.state = SourceState(source.name, str(source.path))
        self.added_lines = self.added_bytes = 0
        self._clock: Watch | None = None

    def run(self) -> SourceState:
        self.state = self._state_file.load(self.source.name, str(self.source.path))
        self._check_clock()
        if not self.source.path.is_file():
            self._absent()
        elif self.state.active:
            self._continue(self.state.active)
        else:
            self._begin()
        self.state.sealed_at = self._now()
        self._state_file.save(self.state)
        return self.state

    def _find(self, kind: str, message: str, severity: str = ERROR, **more) -> None:
        self.findings.append(
            Finding(kind, self.source.name, message, severity, **{"path": str(self.source.path), **more})
        )

    def _check_clock(self) -> None:
        back = self.state.sealed_at - self._now()
        if back > self.source.clock_tolerance:
            self._find("clock_back", f"系统时钟比上次封存时（{readable(self.state.sealed_at)}）早 {back:.0f} 秒")

    def _absent(self) -> None:
        """The log is not there: between rename and create of a rotation that is normal, else somebody removed it."""
        active = self.state.active
        rotated = locate.find_rotated(active, locate.candidates(self.source)) if active else None
        if rotated:
            self._close(active, rotated)
        elif active or not self.source.optional:
            self._find("file_missing", f"{self.source.path} 不存在")

    def _continue(self, stream: Stream) -> None:
        path = self.source.path
        if locate.same_file(path, stream) and locate.continues(path, stream):
            self._seal(stream, path, whole=False)
            return
        rotated = locate.find_rotated(stream, locate.candidates(self.source))
        if rotated:
            self._close(stream, rotated)
        else:
            self._lose(stream)
        self._begin()

    def _close(self, stream: Stream, path: Path) -> None:
        """Seals the rest of a file that nobody writes to any more."""
        self._seal(stream, path, whole=True)
        stream.status, stream.path = CLOSED, str(path)
        about = path.stat()
        stream.device, stream.inode = about.st_dev, about.st_ino
        self._state_file.save(self.state)

    def _lose(self, stream: Stream) -> None:
        """Neither the log nor any rotated file continues what was sealed."""
        if not stream.offset:
            stream.status = CLOSED
            return
        stream.status = LOST
        if locate.same_file(self.source.path, stream) and self.source.path.stat().st_size < stream.offset:
            kind, text = "tail_cut", f"{self.source.path} 比已封存的 {stream.lines} 行短，且没有轮转出的文件接续"
        elif locate.same_file(self.source.path, stream):
            kind, text = "lines_differ", f"{self.source.path} 已封存的 {stream.lines} 行与现有内容不一致"
        else:
            kind, text = "file_missing", f"已封存 {stream.lines} 行的日志文件被替换，且没有轮转出的文件接续"
        self._find(kind, text, detail={"stream": stream.id})

    def _begin(self) -> None:
        """Streams for rotated files that no run has seen, oldest first, then one for the log itself."""
        known = [stream for stream in self.state.streams if stream.first_length]
        since = self.state.streams[-1].sealed_at if self.state.streams else 0.0
        for path in locate.candidates(self.source):
            if path.stat().st_mtime < since or any(locate.starts_like(path, stream) for stream in known):
                continue
            stream = self._open_stream(path)
            try:
                self._close(stream, path)
            except locate.DAMAGED as error:
                stream.status = LOST
                self._find("file_unreadable", f"{path} 无法读取：{error}", WARNING, path=str(path))
        self._seal(self._open_stream(self.source.path), self.source.path, whole=False)

    def _open_stream(self, path: Path) -> Stream:
        about = path.stat()
        number = len(self.state.streams) + 1
        stream = Stream(f"{number:06d}-{uuid.uuid4().hex[:8]}", str(path), about.st_dev, about.st_ino, self._now())
        previous = self.state.streams[-1] if self.state.streams else None
        self.state.streams.append(stream)
        journal = Journal(self.journal_path(stream), self._chainer).open()
        try:
            journal.append(
                {
                    "format": "ctsp-seal-journal/1",
                    "source": self.source.name,
                    "path": str(path),
                    "stream": stream.id,
                    "created": round(stream.created, 3),
                    "previous": {"stream": previous.id, "chain": previous.chain} if previous else {},
                }
            )
            self._commit(stream, journal)
        finally:
            journal.close()
        if number == 1:
            self._find("started", f"开始封存 {self.source.path}", NOTE)
        return stream

    def journal_path(self, stream: Stream) -> Path:
        return self.folder / f"{stream.id}.jsonl"

    def _seal(self, stream: Stream, path: Path, whole: bool) -> None:
        """Measures the file from where the stream ends."""
        journal = Journal(
            self.journal_path(stream), self._chainer, stream.number, bytes.fromhex(stream.chain), stream.size
        ).open()
        pending = 0
        total = os.path.getsize(path)
        try:
            with open_log(path) as content:
                if not skip(content, stream.offset):
                    return
                lines = lines_of(read_chunks(content), whole)
                for segment in segments_of(lines, self._tagger, stream.offset):
                    self._watch(stream, segment)
                    self._take(stream, journal, segment)
                    pending += segment.length
                    self._progress(self.source.name, stream.offset, total)
                    if pending >= COMMIT_BYTES:
                        self._commit(stream, journal)
                        pending = 0
            self._commit(stream, journal)
        finally:
            journal.close()

    def _take(self, stream: Stream, journal: Journal, segment: Segment) -> None:
        journal.append(segment_record(journal.number, segment, self._now()))
        stream.offset = segment.end
        stream.lines += segment.lines
        stream.last_segment, stream.last_digest = segment.length, segment.digest.hex()
        if not stream.first_length:
            stream.first_length, stream.first_digest = segment.length, segment.digest.hex()
        self.added_lines += segment.lines
        self.added_bytes += segment.length

    def _commit(self, stream: Stream, journal: Journal) -> None:
        journal.commit()
        stream.number, stream.chain, stream.size = journal.number, journal.chain.hex(), journal.size
        stream.sealed_at = self._now()
        self._state_file.save(self.state)

    def _watch(self, stream: Stream, segment: Segment) -> None:
        """Looks at the time the lines carry."""
        if not self.source.format:
            return
        if self._clock is None:
            self._clock = Watch(self.source.format, self.state.clock, self.source.clock_tolerance)
        for index, back in self._clock.see(segment.raw, self._now()):
            number = stream.lines + index + 1
            text = f"第 {number} 行的时间比前文早 {back:.0f} 秒"
            self._find("clock_back", text, line=number, detail={"stream": stream.id})
        self.state.clock = self._clock.latest
