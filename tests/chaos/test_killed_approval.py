"""kill -9 while a large change is approved: everything or nothing, and the retry works."""
import threading
import time
import xmlrpc.client
from datetime import datetime
from zoneinfo import ZoneInfo

from filings import in_review, known_about

from conftest import KILLS, SIZES

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


def test_nothing_is_half_done(platform, people, facts, victim, chance):
    """Killed at random moments, an approval leaves the database as it was; started again, it does all of it once."""
    filing = in_review(platform, people, TODAY, "批量变更", SIZES["specialties"], SIZES["people"])
    before = known_about(facts, filing["id"], people.institution)
    assert (before["state"], before["deadlines"]) == ("in_review", 0)
    moments = sorted(filing["seconds"] * chance.uniform(0.05, 0.9) for _kill in range(KILLS))
    with victim() as server:
        killed = 0
        for moment in moments:
            call = Call(server.start(), people.passwords["chaos_officer"], filing["id"])
            time.sleep(moment)
            server.kill()
            if call.end() == "done":  # faster than it was measured: then all of it must be there, see below
                break
            assert call.result == "killed", call.result
            facts.wait_for_quiet()
            assert known_about(facts, filing["id"], people.institution) == before, f"killed at {moment:.2f} s"
            killed += 1
        assert killed, "every kill came too late"
        if call.result == "killed":
            assert Call(server.start(), people.passwords["chaos_officer"], filing["id"]).end() == "done"
    after = known_about(facts, filing["id"], people.institution)
    assert after == {
        **before, "state": "approved", "decided": True, "frozen": True, "approvals": 1, "changed": str(TODAY),
        "phone": after["phone"], "deadlines": filing["specialties"],
        "ctsp_specialty": before["ctsp_specialty"] + filing["specialties"],
        "ctsp_person": before["ctsp_person"] + SIZES["people"],
        "ctsp_institution_version": before["ctsp_institution_version"] + 1,
    }
    assert after["phone"] != before["phone"]


class Call:
    """The approval over RPC in a thread, as an officer's browser would send it."""

    def __init__(self, server, password, filing):
        execute = server.rpc("chaos_officer", password)
        execute("ctsp.filing", "read", [filing], ["state"])  # the server is warm: the kill hits the work
        self.result = None

        def work():
            try:
                execute("ctsp.filing", "run_transition", [filing], "approve")
                self.result = "done"
            except xmlrpc.client.Fault as fault:
                self.result = fault.faultString
            except (OSError, xmlrpc.client.Error, EOFError):
                self.result = "killed"

        self.thread = threading.Thread(target=work)
        self.thread.start()

    def end(self):
        self.thread.join(300)
        return self.result
