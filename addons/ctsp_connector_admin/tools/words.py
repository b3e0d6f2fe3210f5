"""What the inspection system calls things, and how our records are told in its words. Mapping only."""
from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

STATUS = {
    None: "待接收", "waiting": "已接收", "assigned": "已接收", "running": "执行中", "done": "已完成",
    "cancelled": "取消"}
KINDS = {"first": "首次检查", "routine": "日常检查", "special": "专项检查", "cause": "有因检查", "joint": "联合检查"}
CONCLUSIONS = {"pass": "符合要求", "rectify": "待整改后评定", "fail": "不符合要求"}


def institution(record) -> dict:
    """Return how an institution is named in every message."""
    return {"recordNo": record.record_no or "", "uscc": record.uscc or "", "name": record.name or ""}


def day(value) -> str:
    return value.isoformat() if value else ""


def status_message(line) -> Outgoing:
    """Return the state of one enterprise of a task (task.status)."""
    planned = line.plan_line_id
    inspection = planned.inspection_id
    data = {
        "taskNo": line.task_id.number, "enterprise": institution(line.institution_id) if line.institution_id else {
            "recordNo": line.record_no or "", "uscc": line.uscc or "", "name": line.name},
        "executors": (planned.leader_id + planned.member_ids).mapped("name"),
        "time": line.env.cr.now().isoformat(timespec="seconds") + "Z",
        "status": STATUS[planned.state if planned else None],
        "result": CONCLUSIONS.get(inspection.conclusion or "", "") if planned.state == "done" else "",
        "inspectionNo": inspection.number or ""}
    return Outgoing(f"{line.task_id.number}/{line.id}", data, records=line.task_id)


def result_message(inspection, report: dict | None) -> Outgoing:
    """Return the result of an inspection (inspection.result); ``report``: name, SM3 and content of the report file."""
    findings = inspection.finding_ids.filtered(lambda finding: finding.state != "dropped")
    data = {
        "inspectionNo": inspection.number, "taskNo": inspection.env["ctsp.admin.task"].search(
            [("line_ids.plan_line_id.inspection_id", "=", inspection.id)], limit=1).number or "",
        "enterprise": institution(inspection.institution_id),
        "dateFrom": day(inspection.date_start), "dateTo": day(inspection.date_end),
        "type": KINDS.get(inspection.kind, inspection.kind), "inspectors": inspection.member_ids.inspector_id.mapped(
            "name"),
        "defectClauses": [{
            "clauseNo": finding.number or "", "grade": finding.grade or "", "description": finding.description or ""}
            for finding in findings],
        "result": CONCLUSIONS.get(inspection.conclusion or "", ""), "contentVersion": inspection.version}
    if report:
        data["reportFile"] = report
    return Outgoing(inspection.number, data, records=inspection)
