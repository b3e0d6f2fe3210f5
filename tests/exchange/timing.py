"""Within five seconds end to end: what is asked of whom, and how it is measured on a machine that has other work.

Asked of the platform, by its own clock: a message that came is applied, and what a person's step leads to has arrived
at the other side, within five seconds of its coming, or of the step. Others' use of the machine is not counted. What a
person waits for, from the sending to the screen, and from the click to the other side, is measured on its whole way
and kept with the test's result (``var/log/pytest-exchange.xml``); the browser draws on the same processors as all the
rest, so it is waited for as long as a person's patience lasts, and no number of it fails a test.
"""
import time

LIMIT = 5.0  # seconds, end to end, on a machine of one's own


def slowness(work=0.2):
    """Return how many times as long everything takes now as where nobody else wants the processor."""
    began, until = time.monotonic(), time.process_time() + work
    while time.process_time() < until:
        pass
    return max(1.0, (time.monotonic() - began) / work)


def in_time(seconds, limit=LIMIT):
    """Say whether something took no longer than ``limit``, others' use of the machine not counted."""
    return seconds < limit or seconds < limit * slowness()


def seen_within(limit, look):
    """Return what ``look`` gives as soon as it gives something."""
    started = time.monotonic()
    while time.monotonic() - started < 120:
        if found := look():
            took = time.monotonic() - started
            assert in_time(took, limit), f"seen after {took:.1f} s"
            return found
        time.sleep(0.05)
    raise AssertionError("never seen")


class Watch:
    """One test's seconds: from a cause, :meth:`start`, to where it is seen."""

    def __init__(self, facts, keep):
        self.facts, self.keep, self.since = facts, keep, 0.0

    def start(self) -> None:
        """Now somebody sends, or clicks."""
        self.since = time.time()

    def seen(self, what: str, until: float | None = None) -> None:
        """It is seen now, or was at ``until``."""
        seconds = (until or time.time()) - self.since
        print(f"{seconds:6.2f} s  {what}", flush=True)
        self.keep((what, round(seconds, 2)))

    def applied(self, number: str) -> None:
        """The message about ``number`` was applied in time: the platform's own part of an arrival."""
        rows = self.facts("SELECT EXTRACT(EPOCH FROM done_at - created_at)::float FROM ctsp_exchange_message"
                          " WHERE direction = 'in' AND business_id = %s AND state = 'done'", number)
        assert rows, f"{number} was not applied"
        assert all(in_time(seconds) for (seconds,) in rows), (number, rows)

    def told(self, system, kind: str, said: dict, what: str) -> None:
        """The other side has been told ``said``: seen there, and in time after the step that it tells of."""
        arrived = system.arrived(kind, said)
        business_id, version = system.known_as(kind, said)
        [(made,)] = self.facts(
            "SELECT EXTRACT(EPOCH FROM m.created_at AT TIME ZONE 'UTC')::float FROM ctsp_exchange_message m"
            "  JOIN ctsp_exchange_type t ON t.id = m.type_id WHERE m.direction = 'out' AND t.code = %s"
            "   AND m.business_id = %s AND m.version = %s", kind, business_id, version)
        assert in_time(arrived - made), (what, arrived - made)
        self.seen(what, arrived)
