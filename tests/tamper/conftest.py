"""Hands in the database: the role that owns the log's tables, past Odoo and past the triggers.

CTSP_TAMPERS says how many changes are made: 40, always the same, in CI and by default; 200 in the whole drill:
`CTSP_TAMPERS=200 scripts/test --system tamper`, which draws others each time. CTSP_SEED repeats a run.
"""
import configparser
import json
import os
import random

import psycopg2
import pytest

TAMPERS = int(os.environ.get("CTSP_TAMPERS", "40"))
WHOLE = "CTSP_TAMPERS" in os.environ
SEED = int(os.environ.get("CTSP_SEED", random.SystemRandom().randrange(10**6) if WHOLE else 1))
OWNER = os.environ.get("CTSP_DB_OWNER_USER", "ctsp_owner")


VERIFY = """
import json
job = env["ctsp.audit.verification"].create({"scope": "all"})
env.cr.commit()
job._run()
env.cr.commit()
print("RESULT " + json.dumps({
    "rows": job.row_count, "count": job.issue_count, "state": job.state,
    "issues": [[i.kind, int(i.log_number or 0), i.column or ""] for i in job.issue_ids]}))
"""


def verified(platform):
    """Verify the whole log; return rows, count, state and the findings kept as [kind, row, column]."""
    return result(platform, VERIFY)


def result(platform, code):
    """Return what code in an Odoo shell prints as `RESULT {json}`."""
    line = next(line for line in platform.shell(code).splitlines() if line.startswith("RESULT "))
    return json.loads(line.removeprefix("RESULT "))


@pytest.fixture(scope="session")
def chance():
    print(f"CTSP_SEED={SEED}")
    return random.Random(SEED)


@pytest.fixture(scope="session", autouse=True)
def folder(tmp_path_factory):
    """Where archived months go, for all tests: a month whose file is out of reach is not proved."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("archive")
        patch.setenv("CTSP_AUDIT_ARCHIVE", str(path))
        yield path


@pytest.fixture(scope="session")
def hands(platform):
    """Return run(sql, *values) as the owner of the tables, triggers switched off."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(platform.config, encoding="utf-8")
    options = parser["options"]
    connection = psycopg2.connect(
        host=options["db_host"], port=options.get("db_port"), user=OWNER, dbname=platform.database,
        password=os.environ.get("CTSP_DB_OWNER_PASSWORD"))
    connection.autocommit = True

    def run(sql, *values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    for table in ("ctsp_audit_entry", "ctsp_audit_seal", "ctsp_audit_seal_row", "ctsp_audit_archive",
                  "ctsp_integrity_entry", "ctsp_integrity_seal", "ctsp_integrity_seal_row"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
    yield run
    connection.close()
