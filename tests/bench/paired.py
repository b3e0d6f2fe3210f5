"""The same work with a service of the platform and without it, in one process: what the service costs.

A round makes records, changes them and looks at them, and is rolled back. With and without take turns, each going
first as often as the other, and the dead rows of a round are cleared away before the next: the second would else read
past what the first left. What only looks is done both ways on the very same rows. The best of some rounds each counts.
Seconds are those of the processor, of this process and of its PostgreSQL backend together: other programs on the
machine tell little. Nothing is kept.
"""
import os
import time
from contextlib import nullcontext
from pathlib import Path

import psycopg2

RECORDS, BATCH, ROUNDS = 10_000, 500, 4
ORDERS = ((False, True), (True, False))


class Paired:
    """Best seconds of each operation, with the service (True) and without (False).

    :param env: the environment whose transaction everything happens in
    :param without: function giving a context manager in which the service does nothing
    """

    def __init__(self, env, without):
        self.env, self.modes = env, {True: nullcontext, False: without}
        self.best = {True: {}, False: {}}

    def run(self, create, write, looks, last=None):
        """Do ROUNDS rounds each way.

        :param create: function making the records, returns their ids; ``write`` is given them
        :param looks: ``{name: function of the ids}``, done both ways in every round
        :param last: function of the ids, called at the end of the rounds with the service
        """
        for number in range(ROUNDS):
            for kept in ORDERS[number % 2]:
                with self.env.cr.savepoint() as savepoint:
                    ids = self.timed(kept, "create", create)
                    self.timed(kept, "write", lambda ids=ids: write(ids))
                    for way in ORDERS[number % 2]:
                        for name, look in looks.items():
                            self.timed(way, name, lambda look=look, ids=ids: look(ids))
                    if kept and last:
                        last(ids)
                    savepoint.rollback()
                self.env.invalidate_all()
                clear(self.env.cr)

    def timed(self, kept, name, function):
        self.env.cr.flush()
        self.env.invalidate_all()
        with self.modes[kept]():
            started = busy(self.env.cr)
            result = function()
            self.env.cr.flush()
            spent = busy(self.env.cr) - started
        self.best[kept][name] = min(spent, self.best[kept].get(name, spent))
        return result

    def figures(self):
        """Return ``{operation: {"with": s, "without": s, "ratio": …}}``."""
        plain = self.best[False]
        return {name: {"with": spent, "without": plain[name], "ratio": spent / plain[name]}
                for name, spent in self.best[True].items()}


def busy(cr):
    """Return the processor seconds of this process and of its backend in PostgreSQL, which is on this machine."""
    cr.execute("SELECT pg_backend_pid()")
    fields = Path(f"/proc/{cr.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def clear(cr):
    """Clear away the rows of what was rolled back, on a connection of its own.

    Files keep their length: to shorten one, VACUUM waits five seconds for every table that the round has read.
    """
    connection = psycopg2.connect(cr._cnx.dsn)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (TRUNCATE FALSE)")
    finally:
        connection.close()


def read(env, model, ids, names):
    """Read the fields ``names`` of all records, a batch at a time, nothing of them cached."""
    for part in batches(ids):
        env.invalidate_all()
        env[model].browse(part).read(names)


def batches(ids):
    return (ids[start:start + BATCH] for start in range(0, len(ids), BATCH))
