"""Sealing and verifying a large log, as a Markdown table: `.venv/bin/python crypto/bench/sealing.py --megabytes 1000`.

Each run is a process of its own through the command line, so that its CPU time and its largest memory are its own.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINE = (
    '10.1.%d.%d - - [22/Nov/2026:%02d:%02d:%02d +0800] '
    '"GET /web/dataset/call_kw/%d HTTP/1.1" 200 %d "-" "Mozilla/5.0 (X11)"\n'
)
HEAD = "| what | lines | MB | seconds | CPU seconds | MB per CPU second | memory MiB | exit |\n" + "|---" * 8 + "|\n"


def write(path: Path, size: int, count: int = 0) -> int:
    """A web server's log of `size` bytes more, in order of time, after `count` lines; returns its lines."""
    written = 0
    with path.open("a", encoding="ascii") as stream:
        while written < size:
            second = count // 120
            clock = (second // 3600, second // 60 % 60, second % 60)
            line = LINE % (count % 250, count % 199, *clock, count, count % 9973)
            written += stream.write(line)
            count += 1
    return count


def run(folder: Path, *words: str) -> tuple[float, float, float, int]:
    """Seconds by the clock, seconds of CPU, largest memory in MiB, exit code."""
    code = "import sys; from ctsp_crypto.cli import main; sys.exit(main(sys.argv[1:]))"
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code, *words, "--config", str(folder / "seal.toml")],
                          env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL) as child:
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode


def configure(folder: Path, kind: str) -> Path:
    log = folder / "access.log"
    (folder / "seal.toml").write_text(
        f'[seal]\nstate = "{folder}/state"\ncheckpoints = "{folder}/points"\nkey = "{folder}/key"\n'
        f'[[log]]\nname = "access"\npath = "{log}"\nformat = "{kind}"\n', encoding="utf-8")
    return log


def change_one_line(log: Path) -> None:
    with log.open("r+b") as stream:
        stream.seek(log.stat().st_size // 2)
        stream.readline()
        stream.write(b"X")


def measure(folder: Path, megabytes: int) -> list[tuple]:
    log = configure(folder, "nginx")
    lines = write(log, megabytes * 1_000_000)
    rows = [("seal, with the clock of every line", lines, megabytes, *run(folder, "seal", "--new-key"))]
    more = write(log, 1_000_000, lines) - lines
    rows.append(("seal what was added", more, 1, *run(folder, "seal")))
    rows.append(("verify", lines + more, megabytes + 1, *run(folder, "verify")))
    change_one_line(log)
    rows.append(("verify, one line changed: which one", lines + more, megabytes + 1, *run(folder, "verify")))
    journal = sum(path.stat().st_size for path in (folder / "state").rglob("*.jsonl"))
    sys.stdout.write(f"journal: {journal / 1e6:.1f} MB, {journal / log.stat().st_size:.1%} of the log\n")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        rows = measure(Path(name), options.megabytes)
        sys.stdout.write(HEAD)
        for what, lines, size, clock, cpu, memory, code in rows:
            speed = f"{size / cpu:.0f}" if size > 1 else "–"
            cells = (what, f"{lines:,}", f"{size:,}", f"{clock:.1f}", f"{cpu:.1f}", speed, f"{memory:.0f}", str(code))
            sys.stdout.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
