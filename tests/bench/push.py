"""Fifty institutions push 近三年项目 at the same moment while fifty people work: how long each waits.

    push.py BASE FILE SESSIONS

FILE is that of ``registry.prepare``, SESSIONS that of ``signed_in.py``. Prints JSON; ends by itself.
"""
import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import uniform

import requests
from person import person
from storm import figures
from webclient import ServerError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "examples"))
import open_api_client

PEOPLE, PUSHES, ROWS, CALM, THINK, TIMEOUT = 50, 4, 20, 10, (1, 5), 120
TRIES, PATIENCE = 30, 300
PATH = f"{open_api_client.PREFIX}/datasets/recent_trials/submissions?requestId="
RECEIPT = f"{open_api_client.PREFIX}/submissions/"


class Rush:
    def __init__(self, base, given, sessions):
        self.base, self.row, self.keys, self.sessions = base, given["row"], given["keys"], sessions[:PEOPLE]
        self.start = 20_000_000 + int(time.time()) % 10**6 * 50
        self.pushed, self.settled, self.calm, self.during, self.errors = [], [], [], [], []
        self.told_to_wait = Counter()
        self.over, self.broken = threading.Event(), threading.Event()

    def run(self):
        people = [threading.Thread(target=self.work, args=(session,)) for _login, session in self.sessions]
        for one in people:
            one.start()
        time.sleep(CALM)
        self.broken.set()
        gate, began = threading.Barrier(len(self.keys)), time.perf_counter()
        pushers = [threading.Thread(target=self.push, args=(number, gate)) for number in range(len(self.keys))]
        for one in pushers:
            one.start()
        for one in pushers:
            one.join()
        seconds = time.perf_counter() - began
        self.over.set()
        for one in people:
            one.join()
        rows = len(self.settled) * ROWS
        return {"pushes": figures(self.pushed), "in the registry": figures(self.settled),
                "told to wait": self.told_to_wait, "people before": figures(self.calm),
                "people during": figures(self.during), "rows": rows, "rows/s": rows / seconds,
                "error count": len(self.errors), "errors": Counter(self.errors).most_common(5)}

    def push(self, number, gate):
        """One institution: some submissions, one after the other, then their receipts until all is in the registry."""
        (key, secret), http = self.keys[number], requests.Session()
        http.mount("http://", From(f"127.0.1.{number + 1}"))
        caller, waiting = Caller(self.base, http, key, secret, self.told_to_wait), []
        gate.wait()
        for turn in range(PUSHES):
            first = self.start + (number * PUSHES + turn) * ROWS
            rows = [{**self.row, "ctr_no": f"CTR{place:08d}", "title": f"示例试验{place}", "role": "lead"}
                    for place in range(first, first + ROWS)]
            body, target, began = json.dumps(rows).encode(), f"{PATH}bench-{first}-{number}", time.perf_counter()
            self.timed(self.pushed, lambda target=target, body=body, began=began: waiting.append(
                (began, caller.call("POST", target, body)["number"])))
        for began, receipt in waiting:
            self.timed(self.settled, lambda receipt=receipt: caller.applied(receipt), began)

    def work(self, session):
        web = person(self.base, session)
        while not self.over.is_set():
            times = self.during if self.broken.is_set() else self.calm
            self.timed(times, lambda: web.open_list("ctsp.trial"))
            self.over.wait(uniform(*THINK))

    def timed(self, times, act, started=None):
        started = started or time.perf_counter()
        try:
            act()
        except (requests.RequestException, ServerError, RuntimeError, ValueError, KeyError) as error:
            self.errors.append(str(error)[:200])
        else:
            times.append(time.perf_counter() - started)


class From(requests.adapters.HTTPAdapter):
    """Calls from an address of its own: nginx limits the pace of each."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, **options, source_address=(self.address, 0))


class Caller:
    """What the ready client does: told to wait it comes again, and it asks for the receipt until there is a result."""

    def __init__(self, base, http, key, secret, told_to_wait):
        self.base, self.http, self.key, self.secret, self.told_to_wait = base, http, key, secret, told_to_wait

    def call(self, method, target, body=b""):
        for _attempt in range(TRIES):
            headers = open_api_client.signed(method, target, body, self.key, self.secret)
            answer = self.http.request(method, self.base + target, data=body or None, timeout=TIMEOUT,
                                       headers={**headers, "Content-Type": "application/json"})
            if answer.status_code == requests.codes.ok:
                return answer.json()["data"]
            if answer.status_code not in (429, 503):
                break
            self.told_to_wait[answer.status_code] += 1
            time.sleep(int(answer.headers["Retry-After"]) * uniform(1, 1.5))
        raise RuntimeError(f"{answer.status_code} {answer.text[:120]}")

    def applied(self, number):
        until, pause = time.monotonic() + PATIENCE, 1
        while time.monotonic() < until:
            receipt = self.call("GET", RECEIPT + number)
            if receipt["applied"] == "done":
                return
            if receipt["applied"] != "queued":
                raise RuntimeError(str(receipt))
            time.sleep(pause * uniform(1, 1.5))
            pause = min(pause * 2, 10)
        raise RuntimeError(f"{number} waits")


if __name__ == "__main__":
    address, file, sessions = sys.argv[1:4]
    contents = [json.loads(Path(name).read_text(encoding="utf-8")) for name in (file, sessions)]
    json.dump(Rush(address, *contents).run(), sys.stdout)
