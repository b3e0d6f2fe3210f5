"""What is run in which order, and how its outcome is read."""
import threading
from contextlib import nullcontext
from types import SimpleNamespace

from kit.addons import read
from kit.testing import addon_tests, logs, plan, results

LOG = """2026-01-01 00:00:00,000 1 INFO t odoo.registry: fine
2026-01-01 00:00:00,000 1 WARNING t odoo.models: something odd
2026-01-01 00:00:01,000 1 ERROR t odoo.sql_db: bad query: UPDATE discuss_channel_member
Traceback: could not serialize access
2026-01-01 00:00:02,000 1 INFO t odoo.http: fine
""".splitlines()


def test_the_log_check_finds_what_nobody_excused():
    assert logs.complaints(LOG, []) == [
        "WARNING odoo.models: something odd",
        "ERROR odoo.sql_db: bad query: UPDATE discuss_channel_member\nTraceback: could not serialize access",
    ]
    assert logs.complaints(LOG) == ["WARNING odoo.models: something odd"]


def test_every_excuse_has_a_reason():
    assert all(len(entry.reason) > 20 for entry in logs.allow_list())


def test_counts_of_odoo_tests():
    text = "x: 1 failed, 2 error(s) of 10 tests when loading database 't'\n"
    assert logs.counts(text) == (10, 3)
    assert logs.counts("") == (0, 0)


TOGETHER = """2026-01-01 00:00:00,000 1 INFO t odoo.registry: fine
2026-01-01 00:00:01,000 1 INFO t odoo.addons.ctsp_a.tests.test_a: Starting TestA.test_one ...
2026-01-01 00:00:02,000 1 WARNING t odoo.models: something odd
2026-01-01 00:00:03,000 1 INFO t odoo.addons.ctsp_b.tests.test_b: Starting TestB.test_one ...
2026-01-01 00:00:04,000 1 ERROR t odoo.addons.ctsp_b.tests.test_b: FAIL: Subtest TestB.test_one (model='x')
Traceback: no
2026-01-01 00:00:04,500 1 ERROR t odoo.addons.ctsp_b.tests.test_b: FAIL: Subtest TestB.test_one (model='y')
2026-01-01 00:00:05,000 1 INFO t odoo.addons.ctsp_b.tests.test_b: Starting TestB.test_two ...
2026-01-01 00:00:06,000 1 ERROR t odoo.tests.suite: ERROR: setUpClass (odoo.addons.ctsp_b.tests.test_c.TestC)
2026-01-01 00:00:07,000 1 ERROR t odoo.tests.result: 2 failed, 1 error(s) of 3 tests when loading database 't'
"""


def judged(monkeypatch, tmp_path, text, code, names):
    """Return the outcomes of addons tested together, when Odoo says ``text`` and ends with ``code``."""
    class Bench:
        addons = read()
        server = odoo = None
        copy = staticmethod(lambda _template: nullcontext("t"))
        all_template = staticmethod(lambda: "tpl")
        log = staticmethod(lambda name: tmp_path / f"{name}.log")

    monkeypatch.setattr(addon_tests, "call", lambda *_given: (code, text))
    return addon_tests.together(Bench(), names)


def test_addons_together_are_judged_one_by_one(monkeypatch, tmp_path):
    first, second, third = judged(monkeypatch, tmp_path, TOGETHER, 1, ["ctsp_c", "ctsp_b", "ctsp_a"])
    assert (first.passed, first.failed, first.seconds) == (1, 1, 2), "an unexpected warning is red"
    assert (second.passed, second.failed) == (0, 2)
    assert any("test_c.TestC" in line for line in second.details)
    assert not third.ok, "no test of it ran"


def test_addons_together_end_well_or_not_at_all(monkeypatch, tmp_path):
    good = "\n".join(line for line in TOGETHER.splitlines() if " INFO " in line)
    end = "\n2026-01-01 00:00:07,000 1 INFO t odoo.tests.result: 0 failed, 0 error(s) of 3 tests when loading d 't'"
    names = ["ctsp_a", "ctsp_b"]
    assert all(outcome.ok for outcome in judged(monkeypatch, tmp_path, good + end, 0, names))
    for text, code in ((good + end, 1), (good, 0), (good + end.replace("3 tests", "4 tests"), 0)):
        assert [outcome.ok for outcome in judged(monkeypatch, tmp_path, text, code, names)] == [True, False]


def test_long_work_goes_first_once_it_can(monkeypatch):
    monkeypatch.setenv("CTSP_LANES", "1")
    ready, done = threading.Event(), []

    def task(name, after=lambda: None):
        def body():
            done.append(name)
            after()
            return []

        return name, body

    plan.side_by_side([task("a"), task("b", ready.set), task("c")], [task("long"), task("longer")], ready)
    assert done == ["a", "b", "long", "longer", "c"]
    ready.clear()
    done.clear()
    plan.side_by_side([task("a"), task("b")], [task("long")], ready)
    assert done == ["a", "b", "long"], "never ready: done all the same, at the end"


def test_no_tests_is_red():
    assert not results.Outcome("nothing").ok
    assert results.total([results.Outcome("nothing")]) == "0 passed, 1 failed"
    assert results.total([results.Outcome("a", passed=2), results.Outcome("b", passed=1, failed=1)]) == (
        "3 passed, 1 failed"
    )


def planned(monkeypatch, ground=lambda _lab, _name: "", sample=lambda: "") -> list[str]:
    """Return what a whole run is made of, by its outcomes, when everything passes that is run."""
    def passed(name):
        return lambda *given: results.Outcome(" ".join([name, *(one for one in given if isinstance(one, str))]), 1)

    monkeypatch.setenv("CTSP_LANES", "1")
    monkeypatch.setattr(addon_tests, "ground", ground)
    monkeypatch.setattr(addon_tests, "fresh", passed("alone"))
    monkeypatch.setattr(
        addon_tests, "together", lambda _lab, names: [results.Outcome(f"together {name}", 1) for name in names])
    monkeypatch.setattr(plan, "static", lambda: [results.Outcome("static", 1)])
    monkeypatch.setattr(plan.system, "run", lambda _lab, folder: results.Outcome(folder.name, 1))
    monkeypatch.setattr(plan.translations, "check", lambda _lab: [results.Outcome("words", 1)])
    return [outcome.name for outcome in plan.everything(SimpleNamespace(addons=read(), sample_template=sample))]


def test_a_whole_run_leaves_nothing_out(monkeypatch):
    """Every addon alone and with all the others, every folder of tests, and what needs no database."""
    found, lab = planned(monkeypatch), SimpleNamespace(addons=read())
    assert sorted(found) == sorted([
        "模板数据库", "static", "words", *(folder.name for folder in plan.system.folders()),
        *(f"alone {name}" for name in lab.addons if name != "ctsp_all"),
        *(f"together {name}" for name in lab.addons
          if addon_tests.has_tests(lab, name) and not name.startswith("ctsp_test_"))])


def test_a_template_that_cannot_be_built_is_told_once(monkeypatch):
    def fails(*_given):
        raise OSError("no space")

    assert planned(monkeypatch, fails) == ["模板数据库", "static"]
    assert planned(monkeypatch, sample=fails) == ["模板数据库", "static"]
