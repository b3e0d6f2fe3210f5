"""A machine in a folder: a log that is written, rotated and tampered with, access-control files, and the
engine over them.
"""

import gzip
import os
import shutil
from pathlib import Path

from ctsp_crypto.sealing import Engine
from ctsp_crypto.sealing.settings import read

KEY = bytes(range(32))
START = 1_790_000_000.0


class Clock:
    def __init__(self, now: float = START):
        self.now = now

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


class World:
    """`log` is an application log of numbered lines."""

    def __init__(self, folder: Path, **log):
        self.folder, self.clock = folder, Clock()
        self.log = folder / "var" / "app.log"
        self.etc = folder / "etc"
        self.log.parent.mkdir()
        self.etc.mkdir()
        self.count = 0
        self.tables = {
            "seal": {
                "state": str(folder / "state"),
                "checkpoints": str(folder / "points"),
                "key": "-",
                "host": "测试机",
            },
            "log": [{"name": "app", "path": str(self.log), **log}],
            "file": [],
        }

    def engine(self, key: bytes = KEY, **more) -> Engine:
        return Engine(read(self.tables), key, now=self.clock, **more)

    def watch(self, name: str, kind: str, content: str) -> Path:
        path = self.etc / name
        path.write_text(content)
        self.tables["file"].append({"name": name, "path": str(path), "kind": kind})
        return path

    def write(self, lines: int, text: str = "事件") -> None:
        with self.log.open("ab") as stream:
            for _ in range(lines):
                self.count += 1
                stream.write(f"{self.count} {text}\n".encode())

    def rotate(self, way: str = "create") -> Path:
        self.clock.now += 3600
        target = self.log.with_name("app.log.1")
        for number in range(8, 0, -1):
            for ending in ("", ".gz"):
                old = self.log.with_name(f"app.log.{number}{ending}")
                if old.exists():
                    old.rename(self.log.with_name(f"app.log.{number + 1}{ending}"))
        if way == "copytruncate":
            shutil.copy2(self.log, target)
            os.truncate(self.log, 0)
        else:
            self.log.rename(target)
            self.log.touch()
        if way == "gzip":
            packed = Path(f"{target}.gz")
            packed.write_bytes(gzip.compress(target.read_bytes()))
            target.unlink()
            return packed
        return target

    def seal(self):
        self.clock.now += 60
        return self.engine().seal()

    def verify(self):
        return self.engine().verify()


def kinds(report) -> list[str]:
    return [finding.kind for finding in report.findings if finding.severity == "error"]


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def put(path: Path, lines: list[bytes]) -> None:
    """Writes in place, as an attacker with an editor would: same inode."""
    with path.open("r+b") as stream:
        stream.truncate(0)
        stream.write(b"".join(lines))
