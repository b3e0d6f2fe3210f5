"""Eight inspectors record on one inspection at once: one winner of each race, nothing lost, nothing doubled."""
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from inspections import call, on_site, operation, record

WRITERS, ROUNDS = 8, 50


def test_one_winner_each(platform, people, facts):
    """8 writers × 50 rounds on the same clause: each round one writes, seven are told; the winner's text stays."""
    made = on_site(platform, people.institution, WRITERS)
    line, keys = made["lines"][0], list(made["keys"].values())
    winners = []

    def attempt(writer, round_number):
        [answer] = record(platform.url, keys[writer], made["id"], [
            operation(line, round_number, f"第{round_number}轮，{writer}号")])
        return answer

    for round_number in range(ROUNDS):
        answers = at_once(WRITERS, lambda writer, number=round_number: attempt(writer, number))
        statuses = Counter(answer["status"] for answer in answers.values())
        assert statuses == {"done": 1, "conflict": WRITERS - 1}, (round_number, statuses, answers)
        [winner] = [writer for writer, answer in answers.items() if answer["status"] == "done"]
        winners.append(f"第{round_number}轮，{winner}号")
        for answer in answers.values():  # the losers are shown what is stored now
            assert (answer["line"]["revision"], answer["line"]["description"]) == (round_number + 1, winners[-1])
    rows = facts("SELECT revision, recorded->>'description' FROM ctsp_inspection_operation WHERE line_id = %s "
                 "ORDER BY revision", line)
    assert rows == list(enumerate(winners, 1))
    assert facts("SELECT revision, description FROM ctsp_inspection_line WHERE id = %s", line) == [
        (ROUNDS, winners[-1])]
    assert facts("SELECT count(*), min(description) FROM ctsp_finding WHERE line_id = %s", line) == [(1, winners[-1])]


def test_side_by_side(platform, people, facts):
    """8 writers × 50 recordings, each on clauses of his own and in batches: all are written, none waits in vain."""
    made = on_site(platform, people.institution, WRITERS)
    keys, share = list(made["keys"].values()), len(made["lines"]) // WRITERS
    text = "{writer}号第{number}条"

    def work(writer):
        lines, revisions, statuses = made["lines"][writer * share:(writer + 1) * share], Counter(), Counter()
        for number in range(ROUNDS):
            line = lines[number % share]
            [answer] = record(platform.url, keys[writer], made["id"], [
                operation(line, revisions[line], text.format(writer=writer, number=number))])
            revisions[line] = answer["line"]["revision"]
            statuses[answer["status"]] += 1
        return statuses

    results = at_once(WRITERS, work)
    assert sum(results.values(), Counter()) == {"done": WRITERS * ROUNDS}
    [(count, distinct)] = facts("SELECT count(*), count(DISTINCT (line_id, revision)) FROM ctsp_inspection_operation "
                                "WHERE inspection_id = %s", made["id"])
    assert (count, distinct) == (WRITERS * ROUNDS, WRITERS * ROUNDS)
    assert facts("SELECT sum(revision) FROM ctsp_inspection_line WHERE inspection_id = %s", made["id"]) == [(count,)]


def test_crosswise_batches(platform, people, facts):
    """Batches that name the same clauses in opposite order do not lock each other out: one of each pair wins."""
    made = on_site(platform, people.institution, 2)
    lines, keys = made["lines"][:20], list(made["keys"].values())
    for round_number in range(10):
        orders = [lines, lines[::-1]]
        answers = at_once(2, lambda writer, number=round_number, orders=orders: record(
            platform.url, keys[writer], made["id"], [operation(line, number, f"{writer}") for line in orders[writer]]))
        by_line = Counter((answer["line"]["id"], answer["status"]) for batch in answers.values() for answer in batch)
        assert by_line == Counter({(line, status): 1 for line in lines for status in ("done", "conflict")})


def test_sent_twice_written_once(platform, people, facts):
    """The same operation, sent eight times at once, is written once; every sender is told it is there."""
    made = on_site(platform, people.institution, 2)
    key, sent = next(iter(made["keys"].values())), operation(made["lines"][0], 0, "只写一次")
    answers = at_once(WRITERS, lambda _writer: record(platform.url, key, made["id"], [sent])[0])
    assert Counter(answer["status"] for answer in answers.values()) == {"done": 1, "repeated": WRITERS - 1}
    assert {answer["line"]["revision"] for answer in answers.values()} == {1}
    assert facts("SELECT count(*) FROM ctsp_inspection_operation WHERE operation = %s", sent["id"]) == [(1,)]


def test_account_has_one_winner(platform, people, facts):
    """8 writers × 10 rounds on the account, each with a clause of his own: one writes, seven see what is stored."""
    made = on_site(platform, people.institution, WRITERS)
    keys, rounds = list(made["keys"].values()), 10

    def attempt(writer, round_number):
        answers = record(platform.url, keys[writer], made["id"], [
            operation(made["lines"][writer], round_number, "条款"),
            {"id": str(uuid.uuid4()), "account": True, "revision": round_number,
             "values": {"summary": f"第{round_number}轮，{writer}号"}}])
        assert answers[0]["status"] == "done"
        return answers[1]

    for round_number in range(rounds):
        answers = at_once(WRITERS, lambda writer, number=round_number: attempt(writer, number))
        statuses = Counter(answer["status"] for answer in answers.values())
        assert statuses == {"done": 1, "conflict": WRITERS - 1}, (round_number, statuses)
        [winner] = [writer for writer, answer in answers.items() if answer["status"] == "done"]
        for answer in answers.values():
            assert answer["account"]["summary"] == f"第{round_number}轮，{winner}号"
    assert facts("SELECT account_revision FROM ctsp_inspection WHERE id = %s", made["id"]) == [(rounds,)]


def test_hand_in_while_others_record(platform, people, facts):
    """The leader hands in while seven record: whatever was acknowledged is there, nothing is written after the lock,
    and the digest is that of exactly this content."""
    made = on_site(platform, people.institution, WRITERS)
    team = Team(platform.url, made)
    conclude(platform.url, team.leader, made)
    answers = at_once(WRITERS, team.work)
    assert not [text for text in team.refused if not text.startswith("4")], team.refused
    assert {answers[number] and answers[number]["status"] for number in range(len(team.writers))} == {"refused"}
    written = facts("SELECT operation, line_id, revision FROM ctsp_inspection_operation WHERE inspection_id = %s "
                    "AND line_id != %s AND line_id IS NOT NULL", made["id"], made["lines"][0])
    assert {row[0]: row[1:] for row in written} == team.acknowledged
    printed = platform.shell(
        f"row = env['ctsp.inspection'].browse({made['id']}); print('IS', row.state, row.content_state)")
    assert "IS submitted intact" in printed


class Team:
    """Writers record, each on clauses of his own, until they are refused; meanwhile the leader hands in."""

    def __init__(self, url, made):
        self.url, self.made = url, made
        self.leader, *self.writers = made["keys"].values()
        self.share = (len(made["lines"]) - 1) // len(self.writers)
        self.acknowledged, self.refused = {}, []

    def work(self, number):
        """Return the answer that ended the work of a writer, of the last number that of handing in."""
        return self.hand_in() if number == len(self.writers) else self.write(number)

    def write(self, number):
        lines = self.made["lines"][1 + number * self.share:][:self.share]
        for turn in range(200):
            began = time.monotonic()
            sent = operation(lines[turn % self.share], turn // self.share, f"{number}号第{turn}次")
            [answer] = record(self.url, self.writers[number], self.made["id"], [sent])
            if answer["status"] != "done":
                return answer
            self.acknowledged[sent["id"]] = (sent["line"], answer["line"]["revision"])
            time.sleep(max(0.15, 4 * (time.monotonic() - began)))  # on a busy machine, too, nobody writes at times
        return None

    def hand_in(self):
        time.sleep(1.5)
        for _attempt in range(60):  # somebody is writing at this very moment: he is told, and presses again
            try:
                return call(self.url, self.leader, "run_transition", ids=[self.made["id"]], code="submit")
            except AssertionError as error:
                self.refused.append(str(error))
                time.sleep(0.05)
        raise AssertionError(self.refused)


def conclude(url, key, made):
    """Record a clause, decide with a reason and tell what was inspected, so that it can be handed in."""
    record(url, key, made["id"], [operation(made["lines"][0], 0, "组长记录")])
    call(url, key, "action_propose", ids=[made["id"]])
    [row] = call(url, key, "record_open", inspection_id=made["id"])["conclusions"]
    decided = {"decided": "rectify", "reason": "示例", "sound_system": "sound"}
    answers = record(url, key, made["id"], [
        {"id": str(uuid.uuid4()), "conclusion": row["id"], "revision": row["revision"], "values": decided},
        {"id": str(uuid.uuid4()), "account": True, "revision": 0,
         "values": {"summary": "示例", "handling": "rectify"}}])
    assert [answer["status"] for answer in answers] == ["done", "done"], answers


def at_once(count, work):
    """Run ``work(number)`` in ``count`` threads that start together; return the results by number."""
    gate = threading.Barrier(count)

    def run(number):
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return dict(enumerate(pool.map(run, range(count))))
