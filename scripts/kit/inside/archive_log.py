"""In an Odoo shell: the part of scripts/archive-log that reads the log and signs; see kit/archive.py."""
import json
import os
from datetime import date
from pathlib import Path

from odoo.exceptions import UserError

parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]
language = env.company.partner_id.lang or "zh_CN"
env = env(context={**env.context, "lang": language})


def due():
    return {"months": env["ctsp.audit.archiver"]._due_months()}


def export():
    facts = env["ctsp.audit.archiver"]._export(date.fromisoformat(parameters["month"]), parameters["operator"])
    env.cr.commit()  # the row of the log about it
    return facts


def verify():
    domain = [("month", "=", parameters["month"])] if parameters["month"] else []
    states = dict(env["ctsp.audit.archive"]._selection_state())
    done = []
    for archived in env["ctsp.audit.archive"].search(domain, order="month"):
        check = env["ctsp.audit.verification"].create({"scope": "archive", "archive_id": archived.id})
        check._run()
        done.append({"month": archived.month, "state": states[check.state], "code": check.state,
                     "rows": check.row_count, "findings": check.issue_count})
    env.cr.commit()
    return {"months": done}


try:
    answer = {"due": due, "export": export, "verify": verify}[parameters["action"]]()
except UserError as error:
    answer = {"error": str(error)}
Path(parameters["result"]).write_text(json.dumps(answer, ensure_ascii=False, default=str), encoding="utf-8")
