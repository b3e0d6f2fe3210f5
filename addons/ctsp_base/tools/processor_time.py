"""The limit of a worker's processor time (``limit_time_cpu``), which Odoo sets for each round of scheduled work."""
import resource

from odoo.tools import config


def renew():
    """Let the limit begin anew: a round has many jobs, and who reported much would be ended for those before him.

    Without a limit (a process of threads, a shell) nothing is done.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == resource.RLIM_INFINITY:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + config["limit_time_cpu"]
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
