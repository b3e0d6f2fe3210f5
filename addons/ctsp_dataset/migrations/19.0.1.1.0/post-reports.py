from odoo import SUPERUSER_ID, api

from odoo.addons.ctsp_dataset.tools import report_file
from odoo.addons.ctsp_dataset.tools.findings import Finding


def migrate(cr, version):
    """What the registry could not use stands in the report of a submission, not only on the screen; a report about a
    program is about a version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for report in env["ctsp.dataset.conformance"].search([("version_id", "=", False)]):
        report.version_id = report.dataset_id.current_id
    for submission in env["ctsp.dataset.finding"].search([("code", "=", "apply")]).submission_id:
        findings = [item["code"] for item in submission._report()]
        if "apply" in findings:
            continue
        later = submission.finding_ids.filtered(lambda item: item.code == "apply")
        findings += later
        submission.write({"finding_total": len(findings)})
        submission._set_file("report_file", report_file.with_more(
            submission._file("report_file"), [Finding(**item._answer()) for item in later]))
