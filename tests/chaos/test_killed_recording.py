"""kill -9 while a team records: what was acknowledged is there, once; what was not can be sent again."""
import http.client
import threading
import time

from inspections import on_site, operation, record

from conftest import KILLS

WRITERS = 4


def test_nothing_acknowledged_is_lost(platform, people, facts, victim, chance):
    """Four clients record without pause; the server dies under them; they send again what had no answer."""
    made = on_site(platform, people.institution, WRITERS)
    share = len(made["lines"]) // WRITERS
    clients = [
        Client(key, made["id"], made["lines"][number * share:(number + 1) * share])
        for number, key in enumerate(made["keys"].values())]
    with victim() as server:
        for _kill in range(KILLS):
            server.start()
            threads = [threading.Thread(target=client.work, args=[f"http://127.0.0.1:{server.port}"])
                       for client in clients]
            before = sum(len(client.acknowledged) for client in clients)
            for thread in threads:
                thread.start()
            deadline = time.monotonic() + 60
            while sum(len(client.acknowledged) for client in clients) < before + 5 and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(chance.uniform(0.1, 2))
            server.kill()
            for thread in threads:
                thread.join(120)
            facts.wait_for_quiet()
            assert not [client.trouble for client in clients if client.trouble]
            assert sum(len(client.acknowledged) for client in clients) > before, "every kill came too early"
            verify(facts, made, clients)
        server.start()
        for client in clients:
            client.finish(f"http://127.0.0.1:{server.port}")
    verify(facts, made, clients)
    assert all(client.pending is None for client in clients)


def verify(facts, made, clients):
    """Every acknowledged operation is stored once with its revision; lines and operations tell the same story."""
    stored = dict(facts(
        "SELECT operation, revision FROM ctsp_inspection_operation WHERE inspection_id = %s", made["id"]))
    for client in clients:
        for identifier, revision in client.acknowledged.items():
            assert stored.get(identifier) == revision, f"{identifier} was acknowledged and is gone"
    unanswered = {client.pending["id"] for client in clients if client.pending}
    known = {identifier for client in clients for identifier in client.acknowledged}
    assert set(stored) - known <= unanswered
    broken = facts(
        "SELECT l.id FROM ctsp_inspection_line l LEFT JOIN ctsp_inspection_operation o ON o.line_id = l.id "
        "WHERE l.inspection_id = %s GROUP BY l.id HAVING l.revision <> count(o.id) OR l.revision <> "
        "coalesce(max(o.revision), 0)", made["id"])
    assert not broken
    findings = facts(
        "SELECT l.id FROM ctsp_inspection_line l LEFT JOIN ctsp_finding f ON f.line_id = l.id "
        "WHERE l.inspection_id = %s AND (l.result = 'nonconform') <> (f.id IS NOT NULL)", made["id"])
    assert not findings, "a finding parted from its clause"


class Client:
    """An inspector's device: records clause after clause, keeps what was not answered and sends it again."""

    def __init__(self, key, inspection, lines):
        self.key, self.inspection, self.lines = key, inspection, lines
        self.revisions = dict.fromkeys(lines, 0)
        self.acknowledged, self.pending, self.number, self.trouble = {}, None, 0, None

    def work(self, url):
        try:
            while True:
                self.send(url)
        except (OSError, http.client.HTTPException):
            return  # the server is gone; what had no answer stays pending
        except (AssertionError, ValueError) as error:
            self.trouble = repr(error)

    def send(self, url):
        if self.pending is None:
            self.number += 1
            line = self.lines[self.number % len(self.lines)]
            self.pending = operation(line, self.revisions[line], f"第{self.number}次")
        [answer] = record(url, self.key, self.inspection, [self.pending])
        assert answer["status"] in ("done", "repeated"), answer
        self.acknowledged[self.pending["id"]] = answer["line"]["revision"]
        self.revisions[self.pending["line"]] = answer["line"]["revision"]
        self.pending = None

    def finish(self, url):
        if self.pending:
            self.send(url)
