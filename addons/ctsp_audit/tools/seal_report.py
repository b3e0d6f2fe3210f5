"""Reads the reports that ``ctsp-crypto seal`` and ``verify`` leave (docs/sealing.md): pure functions, no database."""
import json
from datetime import datetime, timedelta

FORMAT = "ctsp-seal-report/1"
LARGEST = 32 * 2**20  # bytes
CHINA = timedelta(hours=8)
SEVERITIES = ("error", "warning", "note")


def read(path):
    """Return the report in the file ``path`` as a dict with ``started_at`` and ``finished_at`` as naive UTC.

    :raise ValueError: this is no such report, or it is damaged
    :raise OSError: it cannot be read
    """
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    report = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise ValueError(f"not of the format {FORMAT}")
    try:
        return _checked(report)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"incomplete: {error}") from error


def _checked(report):
    checkpoint = report.get("checkpoint") or {}
    return {
        "host": _text(report["host"]), "action": _one_of(report["action"], ("seal", "verify")),
        "started_at": _utc(report["started_at"]), "finished_at": _utc(report["finished_at"]),
        "seconds": float(report["seconds"]), "passed": report["passed"] is True,
        "sources": [dict(source) for source in report["sources"]],
        "findings": [_finding(finding) for finding in report["findings"]],
        "sequence": int(checkpoint.get("sequence") or 0), "digest": str(checkpoint.get("digest") or ""),
    }


def _finding(finding):
    return {
        "kind": _text(finding["kind"]), "title": _text(finding["title"]), "message": str(finding["message"]),
        "severity": _one_of(finding["severity"], SEVERITIES), "source": str(finding.get("source") or ""),
        "path": str(finding.get("path") or ""), "line": int(finding.get("line") or 0),
        "count": int(finding.get("count") or 0),
    }


def _text(value):
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is missing")
    return value.strip()


def _one_of(value, allowed):
    if value not in allowed:
        raise ValueError(f"unknown: {value}")
    return value


def _utc(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S") - CHINA


def went_back(known, sequence, digest):
    """Say whether a checkpoint contradicts those seen before: its number is lower, or another digest bears its number.

    :param known: ``{sequence: digest}`` of the host
    """
    if not sequence or not known:
        return False
    return sequence < max(known) or known.get(sequence, digest) != digest
