"""Fifty people sign in at the same moment while twenty others work: how long each waits.

    storm.py BASE DATABASE FILE password|certificate < password

Prints JSON: seconds of the sign-ins and of the others' requests before and during the storm.
"""
import base64
import json
import statistics
import sys
import threading
import time

import requests
from webclient import ServerError, WebClient

TIMEOUT, BEFORE, THINK = 60, 6, 1.0


class Person:
    """One browser; connections are not kept, as after a night."""

    def __init__(self, base):
        self.base, self.http = base, requests.Session()
        self.http.headers["Connection"] = "close"
        self.web = WebClient(lambda path, body, _name: self.http.post(base + path, json=body, timeout=TIMEOUT).json())

    def by_password(self, database, login, password):
        self.web.sign_in(database, login, password)

    def by_certificate(self, login, certificate, signer):
        asked = self.web.rpc("/ctsp/auth/challenge", {"purpose": "sign-in"})
        answer = {**asked, "certificate": certificate, "signature": signer(asked["message"])}
        result = self.web.rpc("/ctsp/auth/certificate", {"answer": answer})
        if "url" not in result:
            raise RuntimeError(f"{login}: {result}")

    def work(self):
        self.web.call("res.partner", "web_search_read", [], {"display_name": {}, "email": {}}, limit=80)


class Storm:
    def __init__(self, base, database, people, way, password):
        self.base, self.database, self.people, self.way, self.password = base, database, people, way, password
        self.waits, self.calm, self.during, self.errors = [], [], [], []
        self.over, self.broken = threading.Event(), threading.Event()

    def run(self):
        others = [self.worker(login) for login in self.people["others"]]
        for thread in others:
            thread.start()
        time.sleep(BEFORE)
        self.broken.set()
        gate = threading.Barrier(len(self.people["people"]))
        storm = [threading.Thread(target=self.enter, args=(login, gate)) for login in self.people["people"]]
        for thread in storm:
            thread.start()
        for thread in storm:
            thread.join()
        self.over.set()
        for thread in others:
            thread.join()
        return {"sign in": figures(self.waits), "others before": figures(self.calm),
                "others during": figures(self.during), "errors": self.errors[:3], "error count": len(self.errors)}

    def worker(self, login):
        person = Person(self.base)
        person.by_password(self.database, login, self.password)

        def work():
            while not self.over.is_set():
                times = self.during if self.broken.is_set() else self.calm
                self.timed(times, person.work)
                self.over.wait(THINK)

        return threading.Thread(target=work)

    def enter(self, login, gate):
        person = Person(self.base)
        if self.way == "certificate":
            certificate, key = self.people["keys"][login]
            signer = make_signer(key)
            act = lambda: person.by_certificate(login, certificate, signer)  # noqa: E731
        else:
            act = lambda: person.by_password(self.database, login, self.password)  # noqa: E731
        gate.wait()
        self.timed(self.waits, act)

    def timed(self, times, act):
        started = time.perf_counter()
        try:
            act()
        except (requests.RequestException, ServerError, RuntimeError, ValueError) as error:
            self.errors.append(str(error)[:200])
        else:
            times.append(time.perf_counter() - started)


def make_signer(pem):
    from ctsp_crypto.encodings import keys
    from ctsp_crypto.providers.standard import StandardProvider

    key, provider = keys.read_private(pem.encode()), StandardProvider()
    return lambda text: base64.b64encode(provider.sign(key, text.encode()).value).decode()


def figures(times):
    times = sorted(times)
    if not times:
        return {}
    return {"count": len(times), "p50": statistics.median(times), "p95": times[int(len(times) * .95)], "max": times[-1]}


if __name__ == "__main__":
    address, name, file, way = sys.argv[1:5]
    with open(file, encoding="utf-8") as stream:
        storm = Storm(address, name, json.load(stream), way, sys.stdin.read())
    json.dump(storm.run(), sys.stdout)
