"""One submission from its first byte to its report: checked row by row, kept as it was accepted. No database.

Accepted rows go to a compressed NDJSON file as ``[number, row]``, findings to another; memory holds the first findings.
"""
import gzip
import io
import json
from dataclasses import dataclass, field
from itertools import islice

from .readers import Unreadable, rows_of
from .validator import Validator

FINDINGS_KEPT = 500
WARNED = 0.8
"""what a row that was accepted with a warning counts, where a good one counts 1"""


@dataclass
class Intake:
    """What came of a submission."""

    rows: int = 0
    accepted: int = 0
    warned: int = 0
    warnings: int = 0
    total: int = 0
    findings: list = field(default_factory=list)

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


def take(definition, stream, kind, accepted_path, report_path, limit):
    """Check ``stream`` and write both files; return the :class:`Intake`.

    :param limit: rows that one submission may have
    :raise Unreadable: nothing of it can be used
    """
    rows, lenient = rows_of(stream, kind, definition)
    validator, intake = Validator(definition, lenient), Intake()
    with gzip.open(accepted_path, "wt", 5, "utf-8") as accepted, gzip.open(report_path, "wt", 5, "utf-8") as report:
        for number, row in enumerate(rows, 1):
            if number > limit:
                raise Unreadable("too_many_rows", f"超过{limit}行，请分批报送")
            checked = validator.check(number, row)
            intake.rows = number
            _tell(intake, report, checked.findings)
            if checked.accepted:
                intake.accepted += 1
                intake.warned += bool(checked.findings)
                accepted.write(json.dumps([number, checked.values], ensure_ascii=False) + "\n")
        late = set()
        for finding in validator.finish():
            _tell(intake, report, [finding])
            if finding.level == "error":
                late.add(finding.row)
    if not intake.rows:
        raise Unreadable("empty", "没有数据行")
    intake.accepted -= len(late)
    if definition.mode == "whole" and intake.refused:
        intake.accepted = intake.warned = 0
        gzip.open(accepted_path, "wb").close()
    elif late:
        _drop(accepted_path, late)
    return intake


def _tell(intake, report, findings):
    for item in findings:
        intake.total += 1
        intake.warnings += item.level == "warning"
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


def rows_in(content):
    """Yield ``(number, row)`` of a file of accepted rows."""
    with gzip.open(io.BytesIO(content), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield tuple(json.loads(line))


def findings_in(content, offset, count):
    """Return the findings ``offset`` … of a report file as dicts."""
    with gzip.open(io.BytesIO(content), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, offset, None if count is None else offset + count)]
