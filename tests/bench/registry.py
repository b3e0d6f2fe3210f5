"""Rows of 近三年项目 all the way into the registry: received, checked, applied in portions like the cron does.

In an Odoo shell, on a database that may keep them (invented rows of an invented institution):
``echo 'exec(open("tests/bench/registry.py").read()); print(measure(env, 100_000))' | scripts/shell --database ctsp``
"""
import hashlib
import json
import resource
import tempfile
import time

from odoo.addons.ctsp_dataset.tools import sample

NAME = "示例规模医院（示例）"


def memory():
    """Peak memory of the process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def institution(env):
    found = env["ctsp.institution"].search([("name", "=", NAME)], limit=1)
    return found or env["ctsp.institution"].create({
        "name": NAME, "state": "filed", "record_no": "药临床机构备字2099000098"})


def send(env, count, start):
    """Receive ``count`` rows as one file; return the submission."""
    version = env["ctsp.dataset"]._find("recent_trials")
    row, digest = sample.row(version._definition()), hashlib.new("sm3")
    with tempfile.TemporaryFile() as stream:
        for number in range(start, start + count):
            line = json.dumps({**row, "ctr_no": f"CTR{number:08d}", "title": f"示例试验{number}"}).encode() + b"\n"
            digest.update(line)
            stream.write(line)
        size = stream.tell()
        stream.seek(0)
        return env["ctsp.dataset.submission"]._receive(
            version, institution(env).partner_id, f"bench-{start}-{count}", stream, "ndjson", digest.hexdigest(),
            size)[0]


def measure(env, count, start=10_000_000):
    """Return the figures for ``count`` rows; commits each portion, as the scheduled action does."""
    before, began = memory(), time.monotonic()
    submission = send(env, count, start)
    env.cr.commit()
    received, worked, portions = time.monotonic(), time.process_time(), submission.portion_ids
    for portion in portions:
        portion._job_perform()
        env.cr.commit()
        env.invalidate_all()
    applied = time.monotonic() - received
    figures = {
        "rows": count, "received rows/s": round(count / (received - began)), "portions": len(portions),
        "applied rows/s": round(count / applied), "applied s": round(applied),
        "of it processor s": round(time.process_time() - worked),
        "memory on top MiB": round(memory() - before), "outcome": submission.outcome}
    return json.dumps(figures, ensure_ascii=False)
