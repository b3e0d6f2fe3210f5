"""Hands in the database: the role that owns the log's tables, past Odoo and past the triggers.

CTSP_TAMPERS says how many changes are made: 40 in CI and by default, 200 in the whole drill:
`CTSP_TAMPERS=200 scripts/test --system tamper`. CTSP_SEED repeats a run.
"""
import configparser
import os
import random

import psycopg2
import pytest

TAMPERS = int(os.environ.get("CTSP_TAMPERS", "40"))
SEED = int(os.environ.get("CTSP_SEED", random.SystemRandom().randrange(10**6)))
OWNER = os.environ.get("CTSP_DB_OWNER_USER", "ctsp_owner")


@pytest.fixture(scope="session")
def chance():
    print(f"CTSP_SEED={SEED}")
    return random.Random(SEED)


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

    for table in ("ctsp_audit_entry", "ctsp_audit_seal", "ctsp_audit_seal_row"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL" if table != "ctsp_audit_entry" else
            "ALTER TABLE ctsp_audit_entry DISABLE TRIGGER ctsp_audit_entry_append_only")
    yield run
    connection.close()
