"""What a stage says of tests that failed."""
import re

from kit.testing import stages


def test_a_failure_is_named_with_its_reason(tmp_path):
    """Behind pages of output stands which test it was, and how its reason begins."""
    (tmp_path / "test_it.py").write_text(
        "def test_good():\n    pass\n\n\ndef test_bad():\n    raise AssertionError('不相等\\n' + '行\\n' * 400)\n")
    outcome = stages.pytest("样例", tmp_path)
    assert (outcome.passed, outcome.failed) == (1, 1)
    named = next(number for number, line in enumerate(outcome.details) if re.fullmatch(r"✗ .*test_it\.test_bad", line))
    reason = outcome.details[named + 1:]
    assert "不相等" in reason[0]
    assert len(reason) <= stages.REASON
