"""What is run in which order, and how its outcome is read."""
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
    monkeypatch.setattr(addon_tests, "together", passed("together"))
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
