"""Rows of 近三年项目 all the way into the registry: received, checked, applied in portions like the job runner does.

`scripts/bench --only registry`; the rows and their institutions are invented. Fifty who push at once: ``push.py``.
"""
import hashlib
import json
import resource
import tempfile
import time

from odoo.addons.ctsp_dataset.tools import sample

ROWS, PUSHERS = 100_000, 50
DATASET, NAME, SPECIALTY, PERSON, SPONSOR = (
    "recent_trials", "示例规模医院{:03d}（示例）", "示例专业（示例）", "示例研究者（示例）", "示例规模药业（示例）")


def memory():
    """Peak memory of the process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def institutions(env, count):
    """Return ``count`` invented institutions, each with the specialty and the investigator that the rows name."""
    names = [NAME.format(number) for number in range(count)]
    found = env["ctsp.institution"].search([("name", "in", names)])
    missing = [number for number, name in enumerate(names) if name not in found.mapped("name")]
    made = env["ctsp.institution"].create([
        {"name": NAME.format(number), "state": "filed", "record_no": f"药临床机构备字2098{number:06d}"}
        for number in missing])
    people = env["ctsp.person"].create([{"name": PERSON, "institution_id": one.id} for one in made])
    env["ctsp.specialty"].create([
        {"name": SPECIALTY, "institution_id": person.institution_id.id, "pi_id": person.id, "filed_date": "2020-01-06",
         "discipline_id": env["ctsp.discipline"].search([], limit=1).id} for person in people])
    if not env["ctsp.organization"].search_count([("name", "=", SPONSOR)], limit=1):
        env["ctsp.organization"].create({"name": SPONSOR, "is_sponsor": True})
    return (found | made).sorted("name")


def row(env):
    """Return a row without a fault, to be given another registration number."""
    made = sample.row(env["ctsp.dataset"]._find(DATASET)._definition())
    return {**made, "specialty": SPECIALTY, "pi_name": PERSON, "sponsor": SPONSOR}


def prepare(env, path):
    """Write ``{"row": …, "keys": [[key, secret], …]}`` of the institutions that push at once to ``path``."""
    dataset = env["ctsp.dataset"].search([("code", "=", DATASET)])
    keys = []
    for one in institutions(env, PUSHERS):
        env["ctsp.dataset.conformance"]._of(one.partner_id, dataset)._set_state("signed", "bench")
        credential, secret = env["ctsp.exchange.credential"]._issue({
            "partner_id": one.partner_id.id, "dataset_ids": [(6, 0, dataset.ids)], "minute_requests": 10**6,
            "daily_rows": 10**8})
        keys.append([credential.key, secret])
    # the job runner alone works beside the people
    env["ir.cron"].search([("id", "!=", env.ref("ctsp_base.ir_cron_run_jobs").id)]).active = False
    env.cr.commit()
    with open(path, "w", encoding="utf-8") as stream:
        json.dump({"row": row(env), "keys": keys}, stream)


def send(env, count, start):
    """Receive ``count`` rows as one file; return the submission."""
    version, template, digest = env["ctsp.dataset"]._find(DATASET), row(env), hashlib.new("sm3")
    with tempfile.TemporaryFile() as stream:
        for number in range(start, start + count):
            line = json.dumps({**template, "ctr_no": f"CTR{number:08d}", "title": f"示例试验{number}"}).encode() + b"\n"
            digest.update(line)
            stream.write(line)
        size = stream.tell()
        stream.seek(0)
        return env["ctsp.dataset.submission"]._receive(
            version, institutions(env, 1).partner_id, f"bench-{start}-{count}-{time.time_ns()}", stream, "ndjson",
            digest.hexdigest(), size)[0]


def apply(env, submission):
    """Work off the portions as the job runner does; return seconds by the clock and of the processor."""
    began, worked = time.monotonic(), time.process_time()
    for portion in submission.portion_ids or submission:
        if portion.job_state == "queued":
            portion._job_perform()
            env.cr.commit()
            env.invalidate_all()
    return time.monotonic() - began, time.process_time() - worked


def measure(env, count=ROWS):
    """Print one line of JSON: the figures of ``count`` new rows, and of the same rows again."""
    start = 10_000_000 + env["ctsp.trial"].search_count([("ctr_no", "=like", "CTR1%")])
    institutions(env, 1)
    env.cr.commit()
    figures, before = {"rows": count, "memory before MiB": round(memory())}, memory()
    for name in ("new", "again"):
        began = time.monotonic()
        submission = send(env, count, start)
        env.cr.commit()
        received = time.monotonic() - began
        clock, processor = apply(env, submission)
        figures[name] = {
            "received rows/s": round(count / received), "applied rows/s": round(count / clock),
            "applied rows per processor second": round(count / processor), "applied s": round(clock),
            "portions": len(submission.portion_ids), "outcome": submission.outcome}
    figures["memory on top MiB"] = round(memory() - before)
    print(json.dumps(figures, ensure_ascii=False))
