import base64

from odoo import api, models

from odoo.addons.ctsp_base.tools import clock

from ..tools import words

NOTICE = "business_result"
WITH_NOTICE = ("approved", "refused", "done")


class BusinessItemPaper(models.Model):
    """The notice of the result (办理结果告知书): made, numbered and kept with the decision, and sent with it."""

    _inherit = "ctsp.business.item"

    @api.model
    def _document_fields(self, code):
        return {
            "applicant": ("申请单位", "示例第一医院（示例）"), "item_no": ("业务件编号", "YWJ2026000001"),
            "title_of_item": ("申请事项", "药物临床试验机构变更备案（示例）"),
            "kind": ("事项类型", "变更备案"),
            "received": ("收件日期", "2026-06-01"), "accept_no": ("受理号", "变更〔2026〕0001"),
            "record_no": ("备案号", "药临床机构备字2026000001"), "result": ("办理结果", "同意"),
            "refused": ("是否不同意", False), "reason": ("理由", "理由（示例）"),
            "effective": ("生效日期", "2026-06-10"), "version": ("登记版本", 3), "day": ("办结日期", "2026-06-10")}

    def _document_values(self, code):
        facts = words.decided(self)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "applicant": self.institution_id.name or self.applicant or "", "item_no": self.number,
            "title_of_item": self.name, "kind": kinds[self.kind],
            "received": words.day(clock.local_date(self.received_at)),
            "accept_no": facts["acceptNo"], "record_no": facts["recordNo"], "result": words.RESULTS[self.state],
            "refused": self.state == "refused", "reason": facts["reason"], "effective": facts["effectiveDate"],
            "version": facts["version"], "day": words.day(clock.today())}

    def _document_may(self, code, act):
        """The platform makes the notice with the decision; nobody makes one by hand."""
        return False

    def _document_owner(self):
        return self.institution_id.partner_id

    def _result_papers(self):
        """Return the papers of the result: the notice, made now; of an inspection its final report."""
        papers = self.env["ctsp.document"]
        if inspection := self.plan_line_id.inspection_id:
            papers = papers.sudo().search([  # sudo: whoever finishes the inspection
                ("res_model", "=", inspection._name), ("res_id", "=", inspection.id),
                ("code", "=", "inspection_report"), ("state", "=", "final")], order="id desc", limit=1)
        elif self.state in WITH_NOTICE and not self.plan_line_id:
            papers = self._document_make(NOTICE)
            papers._finalise()
        return [self._paper_data(paper) for paper in papers]

    @api.model
    def _paper_data(self, paper):
        content = base64.b64decode(paper.with_context(bin_size=False).data)
        return {"name": paper.file_name, "number": paper.number or "", "sm3": paper.digest,
                "mime": "application/pdf", "base64": base64.b64encode(content).decode()}
