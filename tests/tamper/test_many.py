"""A verification of very many rows dies in the middle, goes on where it was, and comes to the same end.

A command, outside of CI for now; CTSP_ROWS says how many rows:
`CTSP_ROWS=1000000 scripts/test --system tamper -- -k many`.
"""
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from attacker import Database

from conftest import result

ROOT = Path(__file__).parents[2]
ROWS = int(os.environ.get("CTSP_ROWS", "20000"))
RANGE = max(ROWS // 100, 200)
PATIENCE = 600  # seconds

FILL = """
model = env["ir.model"]._get("res.country").id
env.cr.execute('''
    INSERT INTO ir_rule (name, model_id, active, domain_force, perm_read, perm_write, perm_create, perm_unlink)
    SELECT '大量 ' || n, %s, false, '[]', true, true, true, true FROM generate_series(1, {rows}) n
    RETURNING id''', [model])
ids = [row[0] for row in env.cr.fetchall()]
for start in range(0, len(ids), 20000):
    for part in range(start, min(start + 20000, len(ids)), 2000):
        env["ctsp.integrity"]._put_down("ir.rule", {{one: {{"*"}} for one in ids[part:part + 2000]}}, "baseline")
    env.cr.commit()
env["ctsp.audit.sealer"]._seal_evidence()
one = env["ctsp.integrity.verification"].create({{"scope": "access"}})
one.row_total = one._range_size()
env.cr.commit()
print("RESULT " + __import__("json").dumps([one.id, one.row_total]))
"""
RUN = """
import json, time
from odoo.addons.ctsp_crypto.models import integrity_verification
integrity_verification.RANGE = {range}
one = env["ctsp.integrity.verification"].browse({id})
before, started = one.row_count, time.process_time()
one._run()
env.cr.commit()
print("RESULT " + json.dumps({{
    "state": one.state, "rows": one.row_count, "issues": one.issue_ids.mapped("display_name"), "before": before,
    "seconds": time.process_time() - started}}))
"""


def killed_underway(platform, run, number, total):
    """Run it in a process of its own and kill that after a third; return the rows done by then."""
    process = subprocess.Popen(
        [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "shell", "-c", platform.config, "-d", platform.database,
         "--no-http", "--log-level", "error"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT / "var")
    process.stdin.write(RUN.format(id=number, range=RANGE).encode())
    process.stdin.close()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        [(done,)] = run("SELECT row_count FROM ctsp_integrity_verification WHERE id = %s", number)
        if done and done > total / 3:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
    process.wait(60)
    assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"
    return run("SELECT row_count, state FROM ctsp_integrity_verification WHERE id = %s", number)[0]


@pytest.mark.skipif("CTSP_ROWS" not in os.environ, reason="a command: CTSP_ROWS=1000000")
def test_many_rows(platform):
    number, total = result(platform, FILL.format(rows=ROWS))
    done, state = killed_underway(platform, Database(platform).run, number, total)
    assert state == "running" and total / 3 < done < total
    found = result(platform, RUN.format(id=number, range=RANGE))
    print(f"{total} rows, killed after {done}; the rest in {found['seconds']:.1f} s of processor time,"
          f" {(total - done) / found['seconds']:.0f} rows a second")
    assert found["before"] >= done
    assert (found["state"], found["issues"], found["rows"]) == ("intact", [], total)
