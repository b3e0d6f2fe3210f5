"""Files near the limit of the desk: 20 MB, 100,000 rows of 近三年项目, sent by a person of an institution.

In an Odoo shell: ``prepare(env, FILE)``. By itself: ``desk_files.py BASE FILE PID``, PID that of the server; prints
JSON: seconds of each step by the clock, processor seconds and peak memory (MiB) of the process that worked most.
"""
import base64
import csv
import json
import random
import sys
import time
from pathlib import Path

ROWS, LIMIT, LOOK, PATIENCE = 100_000, 20 << 20, 0.5, 1800
LOGIN, NOISE = "bench_desk", 190
"""characters in each row's title that cannot be packed to less than half: they fill the workbook up"""
FIELDS = {"template_url": {}, "state": {}, "error": {}, "percent": {}, "progress": {}, "quota": {},
          "check_id": {"fields": {"rows": {}, "accepted": {}, "is_marked": {}}},
          "submission_id": {"fields": {"rows": {}, "accepted": {}, "applied": {}, "outcome": {}}}}


# ---- in the shell

def prepare(env, path, rows=ROWS):
    """Make the person, his session and both files beside ``path``; write there what the measurement needs."""
    from registry import DATASET, institutions, row
    from signed_in import session

    owner = institutions(env, 1).partner_id
    user = env["res.users"].search([("login", "=", LOGIN)]) or env["res.users"].with_context(
        no_reset_password=True).create({
            "name": "示例经办（示例）", "login": LOGIN, "lang": "zh_CN", "tz": "Asia/Shanghai",
            "group_ids": [(6, 0, [env.ref("ctsp_base.group_institution_user").id])]})
    user.partner_id.parent_id = owner
    for name in ("rows", "files"):
        env.ref(f"ctsp_dataset.parameter_desk_{name}_value").value = "100000000"
    env["ir.cron"].search([("id", "!=", env.ref("ctsp_base.ir_cron_run_jobs").id)]).active = False
    env.cr.commit()
    definition, template = env["ctsp.dataset"]._find(DATASET)._definition(), row(env)
    folder = Path(path).parent
    files = [make(folder / f"desk.{kind}", definition, template, rows)
             for kind, make in (("xlsx", _workbook), ("csv", _table))]
    dataset = env["ctsp.dataset"].search([("code", "=", DATASET)])
    Path(path).write_text(json.dumps({"session": session(env, user), "dataset": dataset.id, "files": files}))


def _lines(items, template, rows, first, noise):
    chance = random.Random(1)
    for number in range(first, first + rows):
        title = f"{chance.getrandbits(4 * noise):0{noise}x}" if noise else "试验"
        one = {**template, "ctr_no": f"CTR{number:08d}", "protocol_no": f"P-{number}", "title": f"{title}{number}"}
        if number % 100 == 7:
            one["phase"] = "没有这一期"
        yield [dict(item.codes).get(one.get(item.code), one.get(item.code, "")) for item in items]


def _workbook(path, definition, template, rows):
    import xlsxwriter
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False})
    sheet = book.add_worksheet(definition.name)
    for place, line in enumerate([[item.name for item in definition.fields], *_lines(
            definition.fields, template, rows, 40_000_000 + int(time.time()) % 10**5 * 100, NOISE)]):
        sheet.write_row(place, 0, line)
    book.close()
    return _checked(path)


def _table(path, definition, template, rows):
    """What is required alone, in GBK: as many rows do not fit into 20 MB otherwise."""
    items = [item for item in definition.fields if item.required]
    with path.open("w", newline="", encoding="gbk") as stream:
        writer = csv.writer(stream)
        writer.writerow([item.name for item in items])
        writer.writerows(_lines(items, template, rows, 60_000_000 + int(time.time()) % 10**5 * 100, 0))
    return _checked(path)


def _checked(path):
    assert path.stat().st_size <= LIMIT, (path, path.stat().st_size)
    return str(path)


# ---- over HTTP

class Desk:
    def __init__(self, base, given, pid):
        import psutil
        import requests
        self.base, self.dataset, self.http = base, given["dataset"], requests.Session()
        self.http.cookies.set("session_id", given["session"])
        self.server = psutil.Process(pid)

    def call(self, method, *arguments, **named):
        answer = self.http.post(
            f"{self.base}/web/dataset/call_kw/ctsp.dataset.file/{method}", timeout=PATIENCE,
            json={"jsonrpc": "2.0", "params": {
                "model": "ctsp.dataset.file", "method": method, "args": arguments, "kwargs": named}})
        assert answer.status_code == 200, (method, answer.status_code, answer.text[:500])
        assert "error" not in answer.json(), (method, answer.text[:2000])
        return answer.json().get("result")

    def measure(self, path):
        content = Path(path).read_bytes()
        figures = {"file": Path(path).name, "MiB": round(len(content) / 2**20, 1)}
        values = {"dataset_id": self.dataset, "file_name": Path(path).name, "data": base64.b64encode(content).decode()}
        with self.watched(figures, "upload"):
            [made] = self.call("web_save", [], values, specification={"state": {}})
        for task in ("check", "send"):
            with self.watched(figures, task) as seen:
                self.call(f"action_{task}", [made["id"]])
                seen["answered s"], done = round(time.monotonic() - seen["began"], 2), self.until(
                    made["id"], seen, lambda one: one["state"] != "working")
            assert not done["error"], done["error"]
            figures[f"{task} rows"] = (done["submission_id"] or done["check_id"])["accepted"]
            if task == "check" and done["check_id"]["is_marked"]:
                with self.watched(figures, "marked"):
                    answer = self.http.get(
                        f"{self.base}/ctsp/outside/submission/{done['check_id']['id']}/marked", timeout=PATIENCE)
                    assert answer.status_code == 200, answer.status_code
        with self.watched(figures, "registry") as seen:
            done = self.until(made["id"], seen, lambda one: one["submission_id"]["applied"] in ("done", "failed"))
        return figures | {"outcome": done["submission_id"]["outcome"]}

    def until(self, file, seen, reached):
        """Look as the page does, until it is done; note the longest look and what the bar said."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            began = time.monotonic()
            [one] = self.call("web_read", [file], FIELDS)
            seen["longest look s"] = round(max(seen.get("longest look s", 0), time.monotonic() - began), 2)
            if one["progress"]:
                seen.setdefault("bar", []).append(one["percent"])
            if reached(one):
                return one
            time.sleep(LOOK)
        raise AssertionError("it does not end")

    def watched(self, figures, name):
        return Watched(self.server, figures, name)


class Watched:
    """Peak memory and processor time of the server's processes during a step."""

    def __init__(self, server, figures, name):
        self.server, self.figures, self.name = server, figures, name

    def __enter__(self):
        self.before = {}
        for one in self.processes():
            Path(f"/proc/{one.pid}/clear_refs").write_text("5")  # the peak begins anew
            self.before[one.pid] = sum(one.cpu_times()[:2])
        self.seen = {"began": time.monotonic()}
        return self.seen

    def __exit__(self, *unused):
        bar = self.seen.pop("bar", [])
        peaks, work = [], []
        for one in self.processes():
            status = Path(f"/proc/{one.pid}/status").read_text()
            peaks.append(int(status.split("VmHWM:")[1].split()[0]) // 1024)
            work.append(sum(one.cpu_times()[:2]) - self.before.get(one.pid, 0))
        self.figures[self.name] = {
            "s": round(time.monotonic() - self.seen.pop("began"), 1), "peak MiB": max(peaks),
            "processor s": round(max(work), 1), **self.seen,
            **({"steps of the bar": len(set(bar))} if bar else {})}

    def processes(self):
        return [self.server, *self.server.children(recursive=True)]


if __name__ == "__main__":
    address, given, server = sys.argv[1:4]
    wanted = json.loads(Path(given).read_text())
    desk = Desk(address, wanted, int(server))
    print(json.dumps([desk.measure(path) for path in wanted["files"]], ensure_ascii=False))
