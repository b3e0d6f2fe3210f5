"""Progress a person can follow: one line per step, with its time."""
import contextlib
import sys
import threading
import time

_depth = threading.local()


def say(text: str = "") -> None:
    print(f"{text}\n", end="", flush=True)  # in one piece: several threads speak


@contextlib.contextmanager
def step(title: str):
    """Announce a step, run the body, report how long it took."""
    started = time.monotonic()
    level = getattr(_depth, "level", 0)
    indent = "  " * level
    say(f"{indent}▸ {title} …")
    _depth.level = level + 1
    try:
        yield
    except BaseException:
        say(f"{indent}✗ {title}（{time.monotonic() - started:.1f} 秒）")
        raise
    finally:
        _depth.level = level
    say(f"{indent}✓ {title}（{time.monotonic() - started:.1f} 秒）")


def transient(text: str) -> None:
    """A line that the next one overwrites; for screens only."""
    print(f"\r\x1b[K    {text}" if text else "\r\x1b[K", end="", flush=True)


def interactive() -> bool:
    return sys.stdout.isatty()
