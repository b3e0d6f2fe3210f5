"""What the command line shows: results on standard output (text or JSON), progress and errors on standard error."""

import json
import sys
import time


class Console:
    """`as_json`: results are one JSON value; `progress` is shown only on a terminal, unless asked for."""

    def __init__(self, as_json: bool = False, progress: bool | None = None):
        self.as_json = as_json
        self._progress = sys.stderr.isatty() if progress is None else progress

    def result(self, data, text: str | None = None) -> None:
        """`text` is for people; without it the data is laid out as lines."""
        if self.as_json:
            content = json.dumps(data, ensure_ascii=False, indent=2, default=str)
        else:
            content = text if text is not None else plain(data)
        sys.stdout.write(content.rstrip("\n") + "\n")

    def error(self, message: str) -> None:
        if self.as_json:
            sys.stdout.write(json.dumps({"error": message}, ensure_ascii=False) + "\n")
        sys.stderr.write(f"错误：{message}\n")

    def note(self, message: str) -> None:
        sys.stderr.write(message + "\n")

    def bar(self, label: str, total: int) -> "Bar":
        return Bar(label, total, self._progress)


class Bar:
    """A progress bar of bytes, redrawn at most ten times a second. Called with what is done so far."""

    WIDTH = 24

    def __init__(self, label: str, total: int, shown: bool):
        self.label, self.total, self._shown = label, total, shown
        self._started, self._drawn = time.monotonic(), 0.0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_error) -> None:
        if self._drawn:
            sys.stderr.write("\n")

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if not self._shown or now - self._drawn < 0.1 or now - self._started < 0.5:
            return
        self._drawn = now
        share = min(done / self.total, 1.0) if self.total else 1.0
        speed = done / (now - self._started) / 1e6
        filled = int(self.WIDTH * share)
        bar = "█" * filled + "░" * (self.WIDTH - filled)
        sys.stderr.write(f"\r{self.label} {bar} {share:4.0%} {speed:6.1f} MB/s")
        sys.stderr.flush()


def plain(data, indent: int = 0) -> str:
    pad = "  " * indent
    if isinstance(data, dict):
        return "\n".join(_pair(pad, name, value, indent) for name, value in data.items())
    if isinstance(data, list):
        return "\n".join(plain(item, indent) for item in data)
    return f"{pad}{data}"


def _pair(pad: str, name: str, value, indent: int) -> str:
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
        return f"{pad}{name}：\n{plain(value, indent + 1)}"
    if isinstance(value, list):
        return f"{pad}{name}：{'、'.join(map(str, value))}"
    return f"{pad}{name}：{value}"
