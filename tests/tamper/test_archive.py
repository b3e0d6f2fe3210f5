"""A month leaves the log with a signed archive, or its absence is found. Runs before the log is tampered with."""
import json
from datetime import date

import pytest

from conftest import result, verified

ROWS = 300

WRITE = """
from datetime import datetime
port = env["ctsp.audit.port"]
rows = []
for number in range({rows}):
    row = port._row("export", env.user, {{"note": "行%s" % number}}, success=True)
    row["date"] = datetime({year}, {month}, 1 + number % 27, 8, 30, 0, number)
    rows.append(row)
port._write_rows(env.cr, rows)
env.cr.commit()
env["ctsp.audit.sealer"]._seal_committed(everything=True)
"""

EXPORT = """
import json
from datetime import date
facts = env["ctsp.audit.archiver"]._export(date.fromisoformat("{month}"), "归档员（示例）")
env.cr.commit()
print("RESULT " + json.dumps(facts, default=str))
"""


def month_before(count):
    """Return the first day of the month `count` months ago."""
    today = date.today()
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(year, month + 1, 1)


ARCHIVED, DROPPED, FORGED = month_before(16), month_before(15), month_before(14)


def written(platform, hands, month):
    """Write rows of a month long ago: they lie in the default partition until the month has its own."""
    platform.shell(WRITE.format(rows=ROWS, year=month.year, month=month.month))
    assert hands("SELECT ctsp_audit_log_month(%s)", month) == [(True,)]
    assert hands("SELECT ctsp_audit_log_month(%s)", month) == [(False,)]
    assert hands(f"SELECT count(*) FROM ctsp_audit_entry_{month:%Y_%m}") == [(ROWS,)]


def archived(platform, hands, month):
    written(platform, hands, month)
    facts = result(platform, EXPORT.format(month=month))
    hands("SELECT ctsp_audit_archive_month(%s)", json.dumps(facts))
    assert hands("SELECT to_regclass(%s)", f"ctsp_audit_entry_{month:%Y_%m}") == [(None,)]
    return facts


def kinds(found):
    return {(kind, what) for kind, _row, what in found["issues"]}


def test_an_archived_month_is_excused(platform, hands, folder):
    """By its signed register and the file, and by nothing less: each part of the proof is needed."""
    facts = archived(platform, hands, ARCHIVED)
    label, path = f"{ARCHIVED:%Y-%m}", folder / facts["file_name"]
    clean = verified(platform)
    assert (clean["state"], clean["issues"]) == ("intact", [])

    content = path.read_bytes()
    path.write_bytes(content[:-20] + bytes(20))
    found = verified(platform)
    assert ("archive", f"{label} file") in kinds(found)
    assert found["count"] == ROWS + 1, "its rows are missing again, each of them"

    path.unlink()
    found = verified(platform)
    assert (found["state"], kinds(found)) == ("unproven", {("unproven", f"{label} file")})
    path.write_bytes(content)

    hands("UPDATE ctsp_audit_archive SET row_count = row_count + 1 WHERE month = %s", ARCHIVED)
    assert ("archive", f"{label} mac") in kinds(verified(platform))
    hands("UPDATE ctsp_audit_archive SET row_count = row_count - 1 WHERE month = %s", ARCHIVED)
    assert verified(platform)["count"] == 0


def test_the_file_is_read_again(platform):
    code = """
import json
month = env["ctsp.audit.archive"].search([], limit=1)
check = env["ctsp.audit.verification"].create({"scope": "archive", "archive_id": month.id})
check._run()
print("RESULT " + json.dumps([check.state, check.row_count, check.issue_count]))
"""
    assert result(platform, code) == ["intact", ROWS, 0]


def test_a_month_dropped(platform, hands):
    """A partition that disappears without an archive: every row of it is named."""
    written(platform, hands, DROPPED)
    numbers = {row[0] for row in hands(f"SELECT id FROM ctsp_audit_entry_{DROPPED:%Y_%m}")}
    hands(f"ALTER TABLE ctsp_audit_entry DETACH PARTITION ctsp_audit_entry_{DROPPED:%Y_%m}")
    found = verified(platform)
    assert {row for kind, row, _what in found["issues"] if kind == "missing"} == numbers
    following = month_before(14)
    hands(f"ALTER TABLE ctsp_audit_entry ATTACH PARTITION ctsp_audit_entry_{DROPPED:%Y_%m} "
          "FOR VALUES FROM (%s) TO (%s)", DROPPED, following)
    assert verified(platform)["count"] == 0


def test_an_archive_invented(platform, hands):
    """Whoever drops a month and registers it himself has no code that fits."""
    written(platform, hands, FORGED)
    hands("INSERT INTO ctsp_audit_archive (date, month, row_count, id_sum, seal_count, seals_digest, file_name,"
          " file_size, file_digest, mac, mac_key) VALUES (now(), %s, %s, 1, 1, repeat('0', 64), 'x.jsonl.gz', 1,"
          " repeat('0', 64), repeat('0', 64), 'sm3')", FORGED, ROWS)
    hands("INSERT INTO ctsp_audit_archive (date, month, row_count, file_name, file_digest) "
          "VALUES (now(), %s, 1, '', '')", month_before(20))
    hands(f"ALTER TABLE ctsp_audit_entry DETACH PARTITION ctsp_audit_entry_{FORGED:%Y_%m}")
    found = verified(platform)
    assert found["count"] >= ROWS
    assert ("archive", f"{FORGED:%Y-%m} mac") in kinds(found)
    hands(f"ALTER TABLE ctsp_audit_entry ATTACH PARTITION ctsp_audit_entry_{FORGED:%Y_%m} "
          "FOR VALUES FROM (%s) TO (%s)", FORGED, month_before(13))
    hands("DELETE FROM ctsp_audit_archive WHERE operator IS NULL")
    assert verified(platform)["count"] == 0


def test_a_young_month_is_refused(platform, hands):
    """Six months are kept, whatever the parameter says and whoever asks."""
    facts = {"month": str(month_before(3)), "date": "2026-01-01", "row_count": 0, "id_sum": 0, "file_name": "x",
             "file_digest": "x"}
    with pytest.raises(Exception, match="younger"):
        hands("SELECT ctsp_audit_archive_month(%s)", json.dumps(facts))
