"""In an Odoo shell: the part of scripts/restore that verifies what came back; see kit/restore.py."""
import json
import os
from pathlib import Path

parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]
env = env(context={**env.context, "lang": env.company.partner_id.lang or "zh_CN"})


def row(title, state, count, issues):
    return {"title": title, "state": state, "rows": count, "issues": issues, "good": not issues}


def keys():
    problems = env["ctsp.crypto.key"]._problems()
    return row("密钥库", "有问题" if problems else "完好", env["ctsp.crypto.key"].search_count([]), problems)


def files():
    """Every file that the database names is there; that it opens is asked by the verification below."""
    env.cr.execute("SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL")
    names = [name for (name,) in env.cr.fetchall()]
    place = Path(env["ir.attachment"]._filestore())
    missing = [f"缺少文件 {name}" for name in names if not (place / name).is_file()]
    return row("文件", "有缺失" if missing else "完好", len(names), missing)


def verification(title, model):
    check = env[model].create({"scope": "all"})
    check._run_now()
    env.cr.commit()
    states = dict(check._fields["state"]._description_selection(env))
    issues = check.issue_ids.mapped("display_name")
    if check.state != "intact" and not issues:
        issues = [check.error or states[check.state]]
    return row(title, states[check.state], check.row_count, issues)


if "ctsp.crypto.key" in env:
    env["ctsp.audit.sealer"]._seal_committed(everything=True)  # what was written in the seconds before the backup
    found = [keys(), files(), verification("重要数据与签名", "ctsp.integrity.verification"),
             verification("审计日志", "ctsp.audit.verification")]
else:
    found = [files()]
Path(parameters["result"]).write_text(json.dumps(found, ensure_ascii=False, default=str), encoding="utf-8")
