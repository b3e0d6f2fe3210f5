"""Two officers, or one impatient one, approve the same filing at the same moment: it happens once."""
import re
import threading
import xmlrpc.client

import pytest
import world
from filings import in_review, known_about
from victim import remote

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("logins", [("chaos_officer", "chaos_second"), ("chaos_officer", "chaos_officer")])
def test_exactly_one_succeeds(platform, people, facts, logins):
    """One approval is carried out, the other gets a clear sentence in Chinese; registry and history show it once."""
    label = "两人同时" if logins[0] != logins[1] else "重复提交请求"
    filing = in_review(platform, people, world.today(), label, specialties=2, extra_people=5)
    before = known_about(facts, filing["id"], people.institution)
    results = at_once([remote(platform.url, platform.database, login, people.passwords[login]) for login in logins],
                      filing["id"])
    refused = [result for result in results if result != "done"]
    assert results.count("done") == 1, results
    assert len(refused) == 1 and CHINESE.search(refused[0]) and "Traceback" not in refused[0], refused
    after = known_about(facts, filing["id"], people.institution)
    assert (after["state"], after["approvals"], after["deadlines"]) == ("approved", 1, 2)
    assert after["ctsp_institution_version"] == before["ctsp_institution_version"] + 1
    assert after["ctsp_person"] == before["ctsp_person"] + 5


def at_once(clients, filing):
    gate, results = threading.Barrier(len(clients)), []

    def approve(execute):
        gate.wait()
        try:
            execute("ctsp.filing", "run_transition", [filing], "approve")
            results.append("done")
        except xmlrpc.client.Fault as fault:
            results.append(fault.faultString)

    threads = [threading.Thread(target=approve, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
