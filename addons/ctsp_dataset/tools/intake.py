"""One submission from its first byte to its report: checked row by row, kept as it was accepted. No database.

Accepted rows go to a compressed NDJSON file as ``[number, row]``, findings to another; memory holds the first findings.
"""
import gzip
import io
import json
import re
from dataclasses import dataclass, field
from itertools import islice

from .findings import finding
from .readers import rows_of
from .unreadable import Unreadable
from .validator import Validator

FINDINGS_KEPT = 500
INDEX = re.compile(r"\[\d+\]")
LISTED, LISTED_OF_A_KIND, KINDS = 50_000, 1000, 500
"""findings that a report lists, altogether and of one kind; kinds that are told apart. The rest is counted."""
SEEN = 200
"""rows between two words about how far it is"""
WARNED = 0.8
"""what a row that was accepted with a warning counts, where a good one counts 1"""


@dataclass
class Intake:
    """What came of a submission. ``total``: findings that the report lists."""

    rows: int = 0
    accepted: int = 0
    warned: int = 0
    warnings: int = 0
    total: int = 0
    findings: list = field(default_factory=list)
    kinds: dict = field(default_factory=dict)

    @property
    def refused(self):
        return self.rows - self.accepted

    @property
    def state(self):
        if not self.accepted:
            return "refused"
        return "partial" if self.refused else "accepted"

    @property
    def score(self):
        """Quality of the data: the share of good rows in per cent, those with a warning counting less."""
        return round(100 * (self.accepted - (1 - WARNED) * self.warned) / self.rows, 1) if self.rows else 0.0


def take(definition, stream, kind, accepted_path, report_path, limit, seen=None):
    """Check ``stream`` and write both files; return the :class:`Intake`.

    :param limit: rows that one submission may have
    :param seen: called with the number of rows now and then, may raise to stop
    :raise Unreadable: nothing of it can be used
    """
    rows, lenient = rows_of(stream, kind, definition)
    validator, intake, warned, late = Validator(definition, lenient), Intake(), set(), set()
    with gzip.open(accepted_path, "wt", 5, "utf-8") as accepted, gzip.open(report_path, "wt", 5, "utf-8") as report:
        for number, row in enumerate(rows, 1):
            if number > limit:
                raise Unreadable("too_many_rows", f"超过{limit}行，请分批报送")
            checked = validator.check(number, row)
            intake.rows = number
            if seen and not number % SEEN:
                seen(number)
            _tell(intake, report, checked.findings)
            if checked.accepted:
                intake.accepted += 1
                if checked.findings:
                    warned.add(number)
                accepted.write(json.dumps([number, checked.values], ensure_ascii=False) + "\n")
        for item in validator.finish():
            _tell(intake, report, [item])
            (late if item.level == "error" else warned).add(item.row)
        _tell_rest(intake, report)
    if not intake.rows:
        raise Unreadable("empty", "没有数据行")
    intake.accepted -= len(late)
    intake.warned = len(warned - late)
    if definition.mode == "whole" and intake.refused:
        intake.accepted = intake.warned = 0
        gzip.open(accepted_path, "wb").close()
    elif late:
        _drop(accepted_path, late)
    return intake


def _tell(intake, report, findings):
    for item in findings:
        intake.warnings += item.level == "warning"
        kind = item.code, INDEX.sub("[]", item.path), item.rule, item.level
        if kind not in intake.kinds and len(intake.kinds) >= KINDS:
            kind = item.code, "", item.rule, item.level
        intake.kinds[kind] = intake.kinds.get(kind, 0) + 1
        if intake.kinds[kind] <= LISTED_OF_A_KIND and intake.total < LISTED:
            _list(intake, report, item)


def _tell_rest(intake, report):
    """Say how many findings of each kind are not listed."""
    for (code, path, rule, level), count in intake.kinds.items():
        if count > LISTED_OF_A_KIND:
            _list(intake, report, finding(
                0, path, "more", {"count": count - LISTED_OF_A_KIND, "code": code}, level=level, rule=rule))
    listed = sum(min(count, LISTED_OF_A_KIND) for count in intake.kinds.values())
    if listed > LISTED:
        _list(intake, report, finding(0, "", "more", {"count": listed - LISTED, "code": "*"}))


def _list(intake, report, item):
    intake.total += 1
    if len(intake.findings) < FINDINGS_KEPT:
        intake.findings.append(item)
    report.write(json.dumps(item.as_dict(), ensure_ascii=False) + "\n")


def _drop(path, numbers):
    """Write the file of accepted rows anew without some of them."""
    short = f"{path}.short"
    with gzip.open(path, "rt", encoding="utf-8") as old, gzip.open(short, "wt", 5, "utf-8") as new:
        for line in old:
            if int(line[1:line.index(",")]) not in numbers:
                new.write(line)
    with open(short, "rb") as source, open(path, "wb") as target:
        target.write(source.read())


def rows_in(content, first=0, count=None):
    """Yield ``(number, row)`` of a file of accepted rows: ``count`` of them, from place ``first`` on."""
    with gzip.open(io.BytesIO(content), "rt", encoding="utf-8") as lines:
        for line in islice(lines, first, None if count is None else first + count):
            yield tuple(json.loads(line))
