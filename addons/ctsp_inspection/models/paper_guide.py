from odoo import api, models

from ..tools import paper_words as words


class Inspection(models.Model):
    """The values of the papers, each with its meaning and a sample: guide and preview of the editor of templates."""

    _inherit = "ctsp.inspection"

    @api.model
    def _document_fields(self, code):
        values = {
            **self._guide_institution(), **self._guide_inspection(), **self._guide_team(), **self._guide_findings(),
            **self._guide_end(),
        }
        extra = {
            "clause_sheet": self._guide_lines, "inspection_report": self._guide_pictures,
            "delivery_receipt": self._guide_deliveries, "meeting_sheet": self._guide_rows}
        return {**values, **extra[code]()} if code in extra else values

    @api.model
    def _guide_institution(self):
        return {
            "institution": (self.env._("Institution inspected"), "示例第一医院（示例）"),
            "record_no": (self.env._("Filing number"), "药临床机构备字2099000001"),
            "uscc": (self.env._("Unified social credit code"), "91310000MA1SAMPLE0"),
            "address": (self.env._("Registered address"), "上海市徐汇区示例路1号（示例）"),
            "phone": (self.env._("Office telephone"), "021-00000000"),
            "sites": (self.env._("Sites inspected with addresses"), "本部：上海市徐汇区示例路1号（示例）"),
        }

    @api.model
    def _guide_inspection(self):
        trial = {
            "no": (self.env._("Number in the list"), 1), "name": (self.env._("Title of the trial"),
            "示例药物Ⅲ期临床试验（示例）"),
            "ctr_no": (self.env._("Registration number"), "CTR20990001"), "drug": (self.env._("Investigational drug"),
            "示例片"),
            "sponsor": (self.env._("Sponsor"), "示例药业（示例）")}
        return {
            "inspection_no": (self.env._("Number of the inspection"), "JC2026-00001"),
            "inspection_name": (self.env._("Title of the inspection"), "示例第一医院（示例）：日常监督检查"),
            "kind": (self.env._("Business type"), "日常监督检查"), "source": (self.env._("Source with its document"),
            "年度检查计划"),
            "basis": (self.env._("Basis"), words.BASIS), "purpose": (self.env._("Reason"), "年度日常监督检查"),
            "year_line": (self.env._("Which inspection of the year"), "第1次"),
            "period": (self.env._("Days of the inspection"), "2026年3月2日至2026年3月4日"),
            "specialties": (self.env._("Specialties"), "肿瘤科专业、心血管内科专业"), "scope": (self.env._("Scope"),
            "机构；专业：肿瘤科专业"),
            "library": (self.env._("Clauses inspected by"), "药物临床试验机构监督检查要点（示例）"),
            "trials": (self.env._("Trials inspected"), [trial]),
            "attendants": (self.env._("Who accompanied the inspection"), "机构办公室主任（示例）"),
            "summary": (self.env._("What was inspected"), "检查组查阅了质量管理体系文件，抽查了试验项目的原始记录。"),
            "conclusion": (self.env._("Conclusion: pass, rectify or fail"), "rectify"),
            "handling": (self.env._("Handling: none, rectify, warning, talk or transfer"), "rectify"),
            "handling_note": (self.env._("Note on the handling"), ""),
        }

    @api.model
    def _guide_team(self):
        member = {
            "no": (self.env._("Number in the list"), 1), "name": (self.env._("Name"), "张㙓（示例）"),
            "role": (self.env._("Role"), "组长"),
            "certificate": (self.env._("Certificate number"), "沪检2026001"), "unit": (self.env._("Unit"),
            "检查中心（示例）")}
        return {
            "team": (self.env._("Team"), [member]), "leader": (self.env._("Team leader"), "张㙓（示例）"),
            "inspectors": (self.env._("Inspectors, observers aside"), "张㙓（示例）、李𠮷（示例）"),
            "team_line": (self.env._("Team with roles in one line"), "张㙓（示例）（组长）、李𠮷（示例）（组员）"),
        }

    @api.model
    def _guide_findings(self):
        counts = dict.fromkeys((*words.RESULTS, *words.DEFECTS), 1) | {"total": 3, "lines": 4}
        finding = {
            "no": (self.env._("Number in the list"), 1), "grade": (self.env._("Grade of the finding"), "主要缺陷"),
            "subject": (self.env._("What it is on"), "机构"), "number": (self.env._("Clause number"), "1.2"),
            "point": (self.env._("Point"), "培训管理"), "description": (self.env._("What was found"),
            "部分研究者培训记录不完整（示例）"),
            "basis": (self.env._("Basis"), "GCP 第二十条"), "objection": (self.env._("Objection"), "")}
        conclusion = {
            "subject": (self.env._("What it is on"), "机构"), "critical": (self.env._("Critical findings"), 0),
            "major": (self.env._("Major findings"), 1), "minor": (self.env._("Minor findings"), 2),
            "conclusion": (self.env._("Conclusion in words"), "待整改后评定"), "reason": (self.env._("Reason"), "")}
        return {
            "counts": (self.env._("Numbers by result and grade"), {
                name: (name, number) for name, number in counts.items()}),
            "totals": (self.env._("Sentence on the clauses checked"), words.totals(counts)),
            "defect_line": (self.env._("Sentence on the findings"), words.defects(counts)),
            "findings": (self.env._("Findings"), [finding]),
            "objections_recorded": (self.env._("Objections to findings"), [{
                "number": (self.env._("Clause number"), "1.2"), "objection": (self.env._("Objection"),
                "已于检查当日补齐（示例）")}]),
            "conclusions": (self.env._("Conclusions"), [conclusion]),
            "systems": (self.env._("Quality systems, where the leader stated whether they are sound"), [{
                "subject": (self.env._("What it is on"), "机构"),
                "state": (self.env._("Sound or not, in words"), "健全"),
                "reason": (self.env._("Reason"), "质量管理制度覆盖各环节，自查记录完整（示例）")}]),
        }

    @api.model
    def _guide_end(self):
        row = {
            "no": (self.env._("Number in the list"), 1), "grade": (self.env._("Grade of the finding"), "主要缺陷"),
            "description": (self.env._("What was found"), "部分研究者培训记录不完整（示例）"),
            "correction": (self.env._("Corrective action"), "补充培训并修订培训制度（示例）"),
            "state": (self.env._("State"), "已核实")}
        return {
            "evaluation": (self.env._("Comprehensive evaluation: pass or fail"), "pass"),
            "evaluation_reason": (self.env._("Reasons of the evaluation"), "缺陷项目均已整改到位。"),
            "rectify_due": (self.env._("Rectify until"), "2026-04-02"),
            "rectifications": (self.env._("Rectification"), [row]),
            "today": (self.env._("Today"), "2026-03-05"),
        }

    @api.model
    def _guide_lines(self):
        return {"lines": (self.env._("Clauses"), [{
            "no": (self.env._("Number in the list"), 1), "section": (self.env._("Section"), "组织机构"),
            "number": (self.env._("Clause number"), "1.1"), "point": (self.env._("Point"), "组织架构"),
            "content": (self.env._("Content"), "设有药物临床试验组织管理专门部门（示例）"),
            "text": (self.env._("Object, point and content"), "组织架构\n设有药物临床试验组织管理专门部门（示例）"),
            "grade": (self.env._("Grade of the clause"), "★★"), "result": (self.env._("Result"), "符合"),
            "description": (self.env._("What was found"), "")}])}

    @api.model
    def _guide_pictures(self):
        return {"pictures": (self.env._("Photos"), [{
            "image": (self.env._("Image"), "sample"), "caption": (self.env._("Caption"), "图1 1.3 资料室（示例）")}])}

    @api.model
    def _guide_deliveries(self):
        return {"deliveries": (self.env._("Documents delivered"), [{
            "no": (self.env._("Number in the list"), 1), "name": (self.env._("Name"), "限期整改通知书"),
            "number": (self.env._("Document number"), "沪药检〔2026〕改 第0001号"),
            "copies": (self.env._("Copies"), 1)}])}

    @api.model
    def _guide_rows(self):
        return {"blank_rows": (self.env._("Empty rows"), [
            {"no": (self.env._("Number in the list"), 1), "name": (self.env._("Name"), ""), "post": (self.env._("Post"),
            ""),
             "first": (self.env._("First meeting"), ""), "last": (self.env._("Last meeting"), "")}])}
