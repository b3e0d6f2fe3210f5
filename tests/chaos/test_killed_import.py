"""kill -9 while thousands of rows are imported: nothing half-done, and the job takes itself up again."""
import time

from conftest import KILLS

ROWS = 10_000
"""several times what is imported before the kill, on a quick and idle machine as well: 3,000 take it three seconds"""
PREFIX = "混沌示例申办方"
QUEUE = """
import base64
lines = ["机构名称,注册地址", *(f"{prefix}{{number:05}}（示例）,示例路{{number}}号" for number in range({rows}))]
steward = env["res.users"].search([("login", "=", "chaos_steward")])
jobs = env["ctsp.import.job"].with_user(steward).with_context(lang="zh_CN")
job = jobs.create({{
    "res_model": "ctsp.organization", "file_name": "混沌.csv",
    "file": base64.b64encode("\\n".join(lines).encode())}})
job._read_sheets()
job._read_columns()
name = job.target_ids.filtered(lambda target: target.field_name == "name")
address = job.target_ids.filtered(lambda target: target.field_name == "address")
job.column_ids[0].target_id, job.column_ids[1].target_id = name, address
job.sudo().state = "tested"
job.action_run()
env.cr.commit()
print(f"JOB{{job.id}}")
"""


def test_an_import_is_all_or_nothing(platform, people, facts, victim, chance):
    """However often the server dies, no row is there before the end, and every row once after it."""
    printed = platform.shell(QUEUE.format(prefix=PREFIX, rows=ROWS))
    job = int(next(line for line in printed.splitlines() if line.startswith("JOB"))[3:])
    kills = 1 if KILLS < 10 else 2  # a job is given up after three attempts
    with victim(cron=True) as server:
        for number in range(kills):
            server.start()
            wait_for(facts, job, "running", number + 1)
            time.sleep(chance.uniform(0.5, 3))
            server.kill()
            facts.wait_for_quiet()
            [(state,)] = facts("SELECT job_state FROM ctsp_import_job WHERE id = %s", job)
            assert state == "running", f"kill {number} came too late: {state}"
            assert count(facts) == 0, f"kill {number}: rows are there before the import is done"
        server.start()
        wait_for(facts, job, "done", kills + 1)
    assert count(facts) == ROWS
    assert facts("SELECT count(DISTINCT name) FROM ctsp_organization WHERE name LIKE %s", PREFIX + "%") == [(ROWS,)]
    assert facts("SELECT state, new_count, bad_count FROM ctsp_import_job WHERE id = %s", job) == [("done", ROWS, 0)]


def wait_for(facts, job, state, attempt):
    for _tick in range(1500):
        [(now, attempts)] = facts("SELECT job_state, job_attempts FROM ctsp_import_job WHERE id = %s", job)
        if (now, attempts) == (state, attempt):
            return
        assert now != "failed", facts("SELECT job_error FROM ctsp_import_job WHERE id = %s", job)
        time.sleep(0.2)
    raise AssertionError(f"the job is {now} at attempt {attempts}")


def count(facts):
    return facts("SELECT count(*) FROM ctsp_organization WHERE name LIKE %s", PREFIX + "%")[0][0]
