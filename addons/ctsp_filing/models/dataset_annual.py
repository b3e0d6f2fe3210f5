from functools import partial

from odoo import api, models

from odoo.addons.ctsp_dataset.tools.outcome import Outcome

from .annual_report import OPEN_STATES

TABLES = ("training", "quality", "inspections")


class DatasetSubmission(models.Model):
    """机构年度报告: fills in the report of that year, which the institution looks over and hands in (by 31 January)."""

    _inherit = "ctsp.dataset.submission"

    def _handle_annual_report(self, rows):
        outcome, institution = Outcome(), self._own_institution()
        texts = []
        for number, row in rows:
            report = self.env["ctsp.annual.report"].search(
                [("institution_id", "=", institution.id), ("year", "=", row["year"])], limit=1)
            if not institution or not report:
                outcome.problem(number, "year", f"{row['year']}年度的年度报告尚未开始填报，数据已留存",
                                "监管机构启动该年度的年度报告后再写入")
                continue
            if report.state not in OPEN_STATES:
                outcome.problem(number, "year", f"{row['year']}年度的年度报告已提交，数据未写入",
                                "如需更正，请联系监管机构退回后重新报送")
                continue
            self._fill_report(report, row, partial(outcome.problem, number))
            outcome.links.append((number, report))
            texts.append(f"已填入{row['year']}年度报告，请登录平台核对后提交")
        outcome.text, outcome.failed = "；".join(texts) or "数据已留存，未写入年度报告", not texts
        return outcome

    def _fill_report(self, report, row, problem):
        report.contact_name = row["contact_name"]
        for answer in report.answer_ids:
            text = row.get(answer.section_id.code)
            if isinstance(text, str) and not self._keeps(answer, "text", text, problem, answer.section_id):
                answer.text = text
        for figure in report.figure_ids:
            value = row.get(figure.indicator_id.code)
            if isinstance(value, int) and not self._keeps(figure, "value", value, problem, figure.indicator_id):
                figure.write({"value": value, "has_value": True})
        for answer in report.answer_ids.filtered(lambda it: it.section_id.code in TABLES):
            lines = row.get(answer.section_id.code)
            if lines is None:
                continue
            # what an earlier submission put there is replaced; what people typed in stays
            report.row_ids.filtered(
                lambda it, section=answer.section_id: it.section_id == section and it.note == "机构系统报送").unlink()
            report.row_ids.create([{
                "report_id": report.id, "section_id": answer.section_id.id, "date": line.get("date"),
                "title": line["title"], "quantity": line.get("quantity"), "result": line.get("result"),
                "note": "机构系统报送"} for line in lines])

    @api.model
    def _programs(self):
        """Return the accounts in whose name programs write, not people."""
        return self.env.ref("base.user_root")

    def _keeps(self, line, name, value, problem, about):
        """Say whether a line keeps what people put into it, and tell so."""
        typed = line.is_filled and line.write_uid not in self._programs() and line[name] != value
        if typed:
            problem(about.code, f"年度报告中的“{about.name}”已由人工填写，保留人工填写的内容")
        return typed
