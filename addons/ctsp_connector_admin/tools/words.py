"""What our records are told as, in our own codes: field mappings turn them into the inspection system's words."""
from odoo.addons.ctsp_base.tools.clock import local_date
from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing


def institution(record) -> dict:
    """Return how an institution is named in every message."""
    return {"recordNo": record.record_no or "", "uscc": record.uscc or "", "name": record.name or ""}


def day(value) -> str:
    return value.isoformat() if value else ""


def local_day(moment) -> str:
    """Return the day in China of a moment as Odoo stores it."""
    return day(moment and local_date(moment))


def status_message(line) -> Outgoing:
    """Return the state of one enterprise of a task (task.status)."""
    planned = line.plan_line_id
    inspection = planned.inspection_id
    data = {
        "taskNo": line.task_id.number, "enterprise": institution(line.institution_id) if line.institution_id else {
            "recordNo": line.record_no or "", "uscc": line.uscc or "", "name": line.name},
        "executors": (planned.leader_id + planned.member_ids).mapped("name"),
        "time": line.env.cr.now().isoformat(timespec="seconds") + "Z",
        "status": planned.state if planned else "pending",
        "result": inspection.conclusion or "" if planned.state == "done" else "",
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
        "type": inspection.kind, "inspectors": inspection.member_ids.inspector_id.mapped(
            "name"),
        "defectClauses": [{
            "clauseNo": finding.number or "", "grade": finding.grade or "", "description": finding.description or ""}
            for finding in findings],
        "result": inspection.conclusion or "", "contentVersion": inspection.version}
    if report:
        data["reportFile"] = report
    return Outgoing(inspection.number, data, records=inspection)


def annual_report(report) -> dict:
    """Return an annual report (annual.report): its figures and texts as they stand."""
    return {
        "year": report.year, "enterprise": institution(report.institution_id), "state": report.state,
        "submittedOn": local_day(report.submitted_at),
        "acceptedOn": local_day(report.accepted_at), "late": report.is_late,
        "figures": [
            {"code": row.indicator_id.code or "", "name": row.indicator_id.name or "", "value": row.value,
             "unit": row.unit or "", "note": row.note or ""} for row in report.figure_ids],
        "sections": [
            {"name": row.section_id.name or "", "text": row.text or ""} for row in report.answer_ids]}


def trial(record) -> dict:
    """Return a trial (trial), with what the institutions of the registry do in it."""
    return {
        "registrationNo": record.ctr_no or "", "name": record.name or "", "drugName": record.drug_name or "",
        "indication": record.indication or "", "protocolNo": record.protocol_no or "",
        "phase": record.phase_id.name or "", "state": record.status_id.name or "",
        "sponsors": [name for name in (record.sponsor_names or "").split("、") if name],
        "firstPublished": day(record.first_public_date), "firstEnrolled": day(record.first_enrolled_date),
        "completedOn": day(record.completed_date), "planned": record.planned_total, "actual": record.actual_total,
        "institutions": [
            {**institution(row.institution_id), "specialty": row.specialty_id.name or "",
             "principal": row.pi_name or "", "role": row.role, "planned": row.planned, "actual": row.actual,
             "state": row.status_id.name or ""} for row in record.site_ids if row.institution_id]}
