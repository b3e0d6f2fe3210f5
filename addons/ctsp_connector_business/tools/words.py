"""What our records are told as, in our own codes: field mappings turn them into the business platform's words."""
from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

OF_EVENT = {
    "ctsp.filing.submit": "submitted", "ctsp.filing.resubmit": "resubmitted", "ctsp.filing.accept": "working",
    "ctsp.filing.return": "correction", "ctsp.annual.report.submit": "working",
    "ctsp.annual.report.resubmit": "resubmitted", "ctsp.annual.report.return": "correction",
    "ctsp.annual.report.reopen": "correction", "ctsp.plan.line.assign": "arranged",
    "ctsp.plan.line.reassign": "arranged", "ctsp.plan.line.unassign": "waiting", "ctsp.plan.line.restore": "waiting",
    "ctsp.plan.line.begin": "inspecting", "ctsp.plan.line.finish": "inspected", "ctsp.plan.line.fall_back": "waiting"}
RESULTS = {
    "approved": "同意", "refused": "不同意", "done": "办结", "withdrawn": "已撤回", "rejected": "不予受理",
    "cancelled": "已取消"}
"""as the notice of the result names them; what is sent is named by the field mapping"""


def message(item, data: dict, records=None) -> Outgoing:
    """Return a message about ``item``: all of an item go one after another, whatever they tell."""
    facts = {"itemNo": item.number, "time": moment(item.env.cr.now())}
    return Outgoing(item.number, facts | data, records=records or item, order=f"item:{item.number}")


def moment(value) -> str:
    """Return a time (UTC) as the platform writes it."""
    return value.isoformat(timespec="seconds") + "Z" if value else ""


def day(value) -> str:
    return value.isoformat() if value else ""


def remarks(filing) -> list[dict]:
    """Return what an officer wants mended, each with the number by which it is answered."""
    return [{
        "no": row.id, "section": row.section, "subject": row.subject or "", "text": row.text}
        for row in filing.remark_ids if row.published and not row.resolved]


def faults(item) -> list[dict]:
    """Return what automatic checks want mended. Checks are not answered: the next content is checked anew."""
    return [{
        "no": 0, "section": row["section"], "subject": row.get("subject") or "", "text": row["text"]}
        for row in item.problems or []]


def visit(line) -> dict:
    """Return what is planned for an inspection."""
    return {
        "dateFrom": day(line.date_from), "dateTo": day(line.date_to),
        "inspectors": (line.leader_id + line.member_ids).mapped("name")}


def institution(record) -> dict:
    return {"recordNo": record.record_no or "", "uscc": record.uscc or "", "name": record.name or ""}


def decided(item) -> dict:
    """Return what a result says beside the result itself."""
    filing = item.filing_id
    return {
        "acceptNo": filing.number or "", "recordNo": item.institution_id.record_no or filing.record_no or "",
        "institution": institution(item.institution_id), "version": item.institution_id.version_number or 0,
        "effectiveDate": day(filing.effective_date), "reason": item.closing_reason or last_reason(filing)}


def last_reason(record) -> str:
    """Return the reason of the step that ended ``record``."""
    if not record or "transition_log_ids" not in record._fields:
        return ""
    return record.transition_log_ids.sorted("id")[-1:].reason or ""

