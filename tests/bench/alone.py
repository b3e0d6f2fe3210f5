"""What is measured alone, outside the concurrent load: pivot, approval of a filing, xlsx of all trials."""
import json
import resource
import statistics
import time

from inside import Inside

TIMES = 5


def timed(function):
    started = time.perf_counter()
    result = function()
    return time.perf_counter() - started, result


def measure(env):
    """Print one line of JSON: seconds, and MiB of memory where it matters. Nothing is kept."""
    officer = Inside(env, "bench000")
    figures = {"pivot district x level (s)": pivot(officer)}
    figures |= approval(officer)
    figures |= xlsx(officer.env)
    env.cr.rollback()
    print(json.dumps(figures))


def pivot(officer):
    groupings = [[], ["district_id"], ["level_id"], ["district_id", "level_id"]]

    def once():
        officer.env.invalidate_all()
        return officer.pivot("ctsp.institution", groupings)

    once()
    return statistics.median(timed(once)[0] for _n in range(TIMES))


def approval(officer):
    """Approve one change filing of a large institution as an officer does.

    The filing is prepared from the registry (every site, person and specialty a row), changes the beds, a person's
    department and adds a specialty.
    """
    env = officer.env
    institution = env["ctsp.institution"].sudo().search([("record_no", "=", "药临床机构备字2099000000")])
    filing = env(user=1)["ctsp.filing"].create({"kind": "change", "institution_id": institution.id})
    free = env["ctsp.discipline"].search([("id", "not in", institution.specialty_ids.discipline_id.ids)], limit=1)
    filing.write({"reason": "测试变更", "bed_count": institution.bed_count + 1})
    filing.person_ids[0].department = "测试科"
    filing.specialty_ids.create({
        "filing_id": filing.id, "discipline_id": free.id, "name": free.name, "pi_line_id": filing.person_ids[0].id})
    filing._set_state("in_review", "测试")
    env.flush_all()
    env.invalidate_all()
    seconds, _ = timed(lambda: (
        officer.call("ctsp.filing", "run_transition", filing.ids, "approve"), env.flush_all(), env.cr.precommit.run()))
    if filing.state != "approved" or institution.bed_count != filing.bed_count:
        raise ValueError("the approval did not reach the registry")
    return {"filing approval (s)": seconds, "people in it": len(filing.person_ids),
            "specialties in it": len(filing.specialty_ids)}


def xlsx(env):
    """Export a thousand trials, then all: the peak may not grow with the rows."""
    ids = env["ctsp.trial"].search([], limit=1000).ids
    export(env, record_ids=ids)
    before = peak()
    seconds, job = export(env, domain=[])
    after = peak()
    return {"xlsx rows": job.row_count, "xlsx columns": len(job._columns()[0]), "xlsx (s)": seconds,
            "xlsx file (MiB)": job.attachment_id.sudo().file_size / 2**20,
            "peak memory after 1,000 rows (MiB)": before, "peak memory after all rows (MiB)": after,
            "growth (MiB)": after - before}


def export(env, **what):
    env.invalidate_all()
    # as the dialog does: nobody may make up an export, it is the user's none the less
    job = env["ctsp.export.job"].sudo().create({"name": "项目", "res_model": "ctsp.trial", **what}).sudo(False)
    seconds, _ = timed(lambda: job._job_start(background=False))
    if job.job_state != "done":
        raise ValueError(f"export {job.job_state}: {job.job_error}")
    return seconds, job


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
