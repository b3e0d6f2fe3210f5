"""kill -9 while a large change is approved: everything or nothing, and the retry works."""
import threading
import time
import xmlrpc.client

import world
from filings import in_review, known_about

from conftest import KILLS, SIZES


def test_nothing_is_half_done(platform, people, facts, victim, chance):
    """Killed KILLS times at random moments, an approval leaves the database as it was, or as it is when all is done.

    A call that was done before its kill proves nothing of it: the next filing is taken, and the kill does not count.
    """
    drill = Drill(platform, people, facts)
    with victim() as server:
        while drill.killed < KILLS:
            moment = drill.filing["seconds"] * chance.uniform(0.05, drill.latest)
            call = Call(server.start(), people.passwords["chaos_officer"], drill.filing["id"])
            time.sleep(moment)
            server.kill()
            drill.judge(call.end(), moment)
        print(f"{drill.killed} kills of an approval, {drill.whole} of them after its commit, {drill.late} too late")
        assert Call(server.start(), people.passwords["chaos_officer"], drill.filing["id"]).end() == "done"
    drill.check_approved("started again")


class Drill:
    """The filing that is approved and killed, and what the database is to say about it."""

    def __init__(self, platform, people, facts):
        self.platform, self.people, self.facts = platform, people, facts
        self.killed = self.whole = self.late = 0
        self.latest = 0.9  # of the time an approval takes; less once calls were done before their kill
        self.take_next()

    def take_next(self):
        label = "批量变更" + "甲" * (self.late + self.whole)
        self.began = world.today()
        self.filing = in_review(
            self.platform, self.people, self.began, label, SIZES["specialties"], SIZES["people"])
        self.before = self.known()
        assert (self.before["state"], self.before["deadlines"]) == ("in_review", 0)

    def known(self):
        return known_about(self.facts, self.filing["id"], self.people.institution)

    def judge(self, result, moment):
        """Count one kill: nothing or everything of the approval is there."""
        assert result in ("killed", "done"), result
        self.facts.wait_for_quiet()
        if result == "killed" and self.known() == self.before:
            self.killed += 1
            return
        self.check_approved(f"killed at {moment:.2f} s")
        if result == "killed":  # after the commit, before the answer
            self.killed, self.whole = self.killed + 1, self.whole + 1
        else:
            self.late, self.latest = self.late + 1, self.latest * 0.8
        assert self.late <= KILLS, "the kills come too late"
        self.take_next()

    def check_approved(self, when):
        before, after = self.before, self.known()
        assert after == {
            **before, "state": "approved", "decided": True, "frozen": True, "approvals": 1,
            "changed": after["changed"], "phone": after["phone"], "deadlines": self.filing["specialties"],
            "ctsp_specialty": before["ctsp_specialty"] + self.filing["specialties"],
            "ctsp_person": before["ctsp_person"] + SIZES["people"],
            "ctsp_institution_version": before["ctsp_institution_version"] + 1,
        }, when
        assert after["phone"] != before["phone"]
        assert after["changed"] in {str(self.began), str(world.today())}, "the day of the approval"


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
