"""Time stamps of log lines: syslog (RFC 3164 and RFC 3339), auditd, nginx, PostgreSQL. Pure.

A stamp is returned as seconds since the epoch. RFC 3164 names neither year nor zone: the year is the one that
brings the stamp closest to `near`; the zone is the offset given by the configuration (default +08:00, as the
servers of a province run in China Standard Time).
"""

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
ZONES = {b"CST": 8, b"UTC": 0, b"GMT": 0}

ISO = re.compile(rb"(?:<\d+>)?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](\d+))?\s?(Z|[+-]\d\d:?\d\d|[A-Z]{3,4})?")
OLD = re.compile(rb"(?:<\d+>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)")
AUDIT = re.compile(rb"msg=audit\((\d+\.\d+):\d+\)")
NGINX = re.compile(rb"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\]")
NGINX_ERROR = re.compile(rb"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)")


def _iso(line: bytes, _near: float, zone: timezone) -> float | None:
    found = ISO.match(line)
    if not found:
        return None
    moment = datetime.strptime(found[1].decode().replace("T", " "), "%Y-%m-%d %H:%M:%S")
    fraction = float(f"0.{found[2].decode()}") if found[2] else 0.0
    return calendar.timegm(moment.timetuple()) + fraction - _offset(found[3], zone)


def _offset(text: bytes | None, zone: timezone) -> float:
    if not text:
        return zone.utcoffset(None).total_seconds()
    if text == b"Z":
        return 0.0
    if text[:1] in b"+-":
        digits = text[1:].replace(b":", b"")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        return -seconds if text[:1] == b"-" else seconds
    hours = ZONES.get(text)
    return hours * 3600 if hours is not None else zone.utcoffset(None).total_seconds()


def _rfc3164(line: bytes, near: float, zone: timezone) -> float | None:
    found = OLD.match(line)
    if not found or found[1].decode() not in MONTHS:
        return None
    month, (day, hour, minute, second) = MONTHS[found[1].decode()], (int(part) for part in found.groups()[1:])
    year = datetime.fromtimestamp(near, zone).year
    stamps = []
    for candidate in (year - 1, year, year + 1):
        try:
            stamps.append(datetime(candidate, month, day, hour, minute, second, tzinfo=zone).timestamp())
        except ValueError:  # 29 February of a year that has none
            continue
    return min(stamps, key=lambda stamp: abs(stamp - near), default=None)


def _syslog(line: bytes, near: float, zone: timezone) -> float | None:
    return _iso(line, near, zone) or _rfc3164(line, near, zone)


def _auditd(line: bytes, _near: float, _zone: timezone) -> float | None:
    found = AUDIT.search(line)
    return float(found[1]) if found else None


def _nginx(line: bytes, _near: float, zone: timezone) -> float | None:
    found = NGINX.search(line)
    if found and found[2].decode() in MONTHS:
        date = (int(found[3]), MONTHS[found[2].decode()], int(found[1]), *(int(part) for part in found.groups()[3:6]))
        shift = int(found[8]) * 3600 + int(found[9]) * 60
        return calendar.timegm((*date, 0, 0, 0)) - (shift if found[7] == b"+" else -shift)
    found = NGINX_ERROR.match(line)
    if found:
        return calendar.timegm((*(int(part) for part in found.groups()), 0, 0, 0)) - _offset(None, zone)
    return None


FORMATS = {"syslog": _syslog, "auditd": _auditd, "nginx": _nginx, "postgresql": _iso, "iso": _iso}


def stamp(kind: str, line: bytes, near: float, zone: timezone = CHINA) -> float | None:
    """The time a line of log format `kind` carries, or None (continuation lines, banners, formats without a time)."""
    reader = FORMATS.get(kind)
    try:
        return reader(line, near, zone) if reader else None
    except (ValueError, OverflowError):
        return None


def readable(moment: float) -> str:
    """A moment as reports print it: China Standard Time, whole seconds."""
    return datetime.fromtimestamp(moment, UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


# where the time stands in a line: what comes before it, and how long it may be
_PLACES = {"nginx": (b"[", 28), "auditd": (b"msg=audit(", 24)}


class Watch:
    """Notices a log whose time goes back by more than `tolerance` seconds; remembers the latest time seen.

    Lines that carry the same stamp as the line before are not read again: most do.
    """

    def __init__(self, kind: str, latest: float = 0.0, tolerance: float = 120.0, zone: timezone = CHINA):
        self.kind, self.latest, self.tolerance, self.zone = kind, latest, tolerance, zone
        self._before, self._size = _PLACES.get(kind, (b"", 19))
        self._seen = b""

    def see(self, lines: list[bytes], near: float) -> list[tuple[int, float]]:
        """For every line with which the clock went back: its index and by how many seconds."""
        found = []
        before, size, seen = self._before, self._size, self._seen
        for index, line in enumerate(lines):
            start = line.find(before) if before and line[4:5] != b"/" else 0  # nginx's error log begins 2026/11/22
            same = line[start : start + size] if start >= 0 else line[:19]
            if same != seen:
                seen = same
                back = self._compare(line, near)
                if back:
                    found.append((index, back))
        self._seen = seen
        return found

    def _compare(self, line: bytes, near: float) -> float:
        moment = stamp(self.kind, line, near, self.zone)
        if moment is None:
            return 0.0
        back = self.latest - moment
        if self.latest and back > self.tolerance:
            self.latest = moment
            return back
        self.latest = max(self.latest, moment)
        return 0.0
