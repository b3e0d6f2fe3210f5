"""What is measured alone, outside the concurrent load: pivot, approval of a filing, xlsx of 30,000 rows."""
import json
import resource
import time

from odoo import fields


def timed(function):
    started = time.perf_counter()
    result = function()
    return time.perf_counter() - started, result


def measure(env):
    """Print one line of JSON: seconds, and MiB of peak memory where it matters."""
    officer = env["res.users"].search([("login", "=", "bench000")])
    own = env(user=officer)
    figures = {
        "pivot district x level (s)": pivot(own),
        "filing approval (s)": approval(own),
    }
    figures |= xlsx(own)
    print(json.dumps(figures))


def pivot(env):
    return timed(lambda: env["ctsp.institution"].formatted_read_grouping_sets(
        [], [[], ["district_id"], ["level_id"], ["district_id", "level_id"]], ["__count"]))[0]


def approval(env):
    """Accept and approve one change filing as an officer does; rolled back afterwards."""
    filing = env["ctsp.filing"].search([("state", "=", "in_review")], limit=1)
    try:
        return timed(lambda: (filing.run_transition("approve"), env.flush_all()))[0]
    finally:
        env.cr.rollback()


def xlsx(env):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    job = env["ctsp.export.job"].create({"name": "项目", "res_model": "ctsp.trial", "domain": []})
    seconds, _ = timed(lambda: job._run())
    env.flush_all()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"xlsx rows": job.row_count, "xlsx (s)": seconds, "memory before xlsx (MiB)": before,
            "peak memory in xlsx (MiB)": peak, "finished": fields.Datetime.to_string(fields.Datetime.now())}
