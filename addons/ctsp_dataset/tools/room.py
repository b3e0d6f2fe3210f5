"""How much of the platform other systems may take up at once, so that people always find a worker free.

Places are advisory locks of PostgreSQL, held until the transaction of the request ends: they hold across processes and
machines, and nothing is left behind by a process that died. Nobody waits for one: who waited would hold a worker, too.
"""
from odoo.tools import SQL, config

ALL = "all"
WITHOUT_WORKERS = 4  # a process of threads


def places():
    """Return how many requests of other systems are worked at once: half of the workers."""
    return max(config["workers"] // 2, 1) if config["workers"] else WITHOUT_WORKERS


def own_places():
    """Return how many of them one submitter may take: half again, so that nobody keeps others out."""
    return max(places() // 2, 1)


def name(whose, number):
    return f"ctsp.open {whose} {number}"


def enter(cr, whose, count):
    """Take one of ``count`` places called ``whose`` for the rest of the transaction; return whether one was free."""
    for number in range(count):
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name(whose, number)))
        if cr.fetchone()[0]:
            return True
    return False


def taken(cr, whose, count):
    """Return how many of the places are taken, one's own included."""
    names = [name(whose, number) for number in range(count)]
    cr.execute(SQL(
        """SELECT count(*) FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 1 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (classid::bigint << 32 | objid::bigint) IN (
                  SELECT hashtextextended(given, 0) FROM unnest(%s) AS given)""", names))
    return cr.fetchone()[0]
