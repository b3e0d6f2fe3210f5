"""The cloud's services away, slow, broken and lying, with the whole platform on top: issue of the client's 密码应用.

First signatures are made in the cloud and may be queued; then none may be queued, and the codes of passwords and of
important data are made there too.
"""
import json
import re
import time

import psycopg2
from browser import Browser

from conftest import CODED, TURNS

CHINESE = re.compile("[\u4e00-\u9fff]")
LOGIN = "cloud_officer"
VERIFY = """
import json
found = {}
for name, run in (("ctsp.integrity.verification", "_run_now"), ("ctsp.audit.verification", "_run")):
    job = env[name].create({"scope": "all"})
    env.cr.commit()
    getattr(job, run)()
    env.cr.commit()
    found[name] = [job.state, job.issue_count, str(job.issue_ids[:3].read())]
print("RESULT " + json.dumps(found, default=str))
"""
STRICTER = """
env["ctsp.crypto.purpose"].search([("code", "=", "integrity.sign")]).may_queue = False
for code, name in {coded}.items():
    env["ctsp.crypto.purpose"].search([("code", "=", code)]).locators = f"-,{{name}}@1"
env.cr.commit()
env.registry.signal_changes()
"""


def entry(facts, filing):
    """Return state of the filing, who signed the newest evidence of it, and with which key."""
    return facts(
        "SELECT f.state, e.signer, e.signature_key FROM ctsp_filing f JOIN ctsp_integrity_entry e"
        " ON e.model = 'ctsp.filing' AND e.res_id = f.id WHERE f.id = %s ORDER BY e.revision DESC LIMIT 1", filing)[0]


def verified(platform):
    printed = platform.shell(VERIFY)
    line = next(line for line in printed.splitlines() if line.startswith("RESULT "))
    found = json.loads(line.removeprefix("RESULT "))
    assert all(state == "intact" and not count for state, count, _issues in found.values()), found


def some_minutes_pass(facts):
    """The scheduled action that signs what waits is due."""
    facts("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE cron_name LIKE '%%without a signature%%'"
          " RETURNING id")
    connection = psycopg2.connect(**facts.connection.get_dsn_parameters() | {
        "dbname": "postgres", "password": facts.connection.info.password})
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('cron_trigger', %s)", (facts.connection.info.dbname,))
    connection.close()


def all_signed(facts, filings):
    """Wait until nothing of `filings` waits for its signature any more: what was not signed the first time, since the
    service was still left alone, is signed the next.
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        some_minutes_pass(facts)
        found = [entry(facts, filing) for filing in filings]
        if all(signer == "system" for _state, signer, _key in found):
            return found
        time.sleep(2)
    raise AssertionError(found)


def enters_again(server, password):
    """Try until it works, as a person would."""
    person, deadline = Browser(server), time.monotonic() + 60
    while said := person.enter(LOGIN, password):
        assert time.monotonic() < deadline, said
        time.sleep(0.5)
    return person


def refuses_at_last(person, filing):
    """Try until it is saved: a service that failed is left alone for a moment longer than it is away."""
    deadline = time.monotonic() + 60
    while said := person.refuse(filing):
        assert CHINESE.search(said) and time.monotonic() < deadline, said
        time.sleep(0.5)


def test_signatures_may_wait(platform, cloud, server, filings, facts, password):
    """What is decided while the cloud is away is saved at once, and signed when it is back; a lie is never saved."""
    person = Browser(server)
    assert person.enter(LOGIN, password) == ""
    healthy = next(filings)
    assert person.refuse(healthy) == ""
    assert entry(facts, healthy) == ("refused", "system", "integrity.sign:2")

    waiting = []
    for _turn in range(TURNS):
        for trouble in (cloud.down, lambda: cloud.slow(600)):  # longer than this browser has patience
            with trouble():
                waiting.append(next(filings))
                assert person.refuse(waiting[-1]) == ""
                assert entry(facts, waiting[-1])[:2] == ("refused", "queued")
                assert Browser(server).enter(LOGIN, password) == "", "whoever comes meanwhile signs in"
    with cloud.failing(503):
        waiting.append(next(filings))
        assert person.refuse(waiting[-1]) == ""
        assert entry(facts, waiting[-1])[:2] == ("refused", "queued")

    assert {key for _state, _signer, key in all_signed(facts, waiting)} == {"integrity.sign:2"}

    lied_to = next(filings)
    with cloud.lying("/v1/signatures", "signature"):
        said = person.refuse(lied_to)
    assert "密码服务" in said and "安全管理员" in said, said
    assert facts("SELECT state FROM ctsp_filing WHERE id = %s", lied_to) == [("in_review",)]
    assert facts("SELECT 1 FROM ctsp_audit_log WHERE event = 'crypto.provider' LIMIT 1"), "and it is in the log"
    with cloud.slow(0.3):  # slow, but within the time it is given
        refuses_at_last(person, lied_to)
    assert entry(facts, lied_to) == ("refused", "system", "integrity.sign:2")


def test_nothing_without_the_cloud(platform, cloud, server, filings, facts, password):
    """Where nothing may wait nothing is done without the cloud, people are told, and it goes on by itself later."""
    platform.shell(STRICTER.format(coded=CODED))
    person = Browser(server)
    assert person.enter(LOGIN, password) == "", "by the old key, from which the verifier moves to the cloud's"
    assert "k=2" in facts("SELECT password FROM res_users WHERE login = %s", LOGIN)[0][0]
    assert person.refuse(next(filings)) == "", "now the platform knows what the cloud's codes are like"
    filing, other = next(filings), next(filings)

    with cloud.down():
        said = Browser(server).enter(LOGIN, password)
        assert "暂" in said and CHINESE.search(said), said
        said = person.refuse(filing)
        assert "密码服务" in said and "Traceback" not in said, said
        assert person.refuse(filing)
    assert facts("SELECT state FROM ctsp_filing WHERE id = %s", filing) == [("in_review",)]
    assert not facts("SELECT 1 FROM ctsp_auth_attempt WHERE login = %s", LOGIN), "nobody guessed"

    with cloud.lying("/v1/macs", "mac"):
        assert CHINESE.search(Browser(server).enter(LOGIN, password))
        assert person.refuse(filing)
    assert not facts("SELECT 1 FROM ctsp_auth_attempt WHERE login = %s", LOGIN)

    enters_again(server, password)  # after the pause that the configuration grants a service that failed
    refuses_at_last(person, filing)
    server.kill()
    with cloud.down():
        server.start()  # the platform comes up without the cloud …
        assert CHINESE.search(Browser(server).enter(LOGIN, password))
    again = enters_again(server, password)  # … and takes it up when it is there
    refuses_at_last(again, other)
    assert entry(facts, other) == ("refused", "system", "integrity.sign:2")


def test_evidence_of_both_times_holds(platform, server):
    """Codes and signatures of the old keys and of the cloud's are verified side by side; no false alarm."""
    verified(platform)
