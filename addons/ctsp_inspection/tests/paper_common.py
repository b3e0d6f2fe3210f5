import base64
import io
import uuid

from PIL import Image, ImageDraw

from odoo.fields import Command

from .rectification_common import RectificationCase

LONG = "研究者、研究护士和药物管理员均应当经过授权和培训，授权分工表与实际工作一致，签名样张齐全，有起止日期"


def png():
    stream = io.BytesIO()
    image = Image.new("RGBA", (240, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line(
        [(10, 70), (40, 20), (60, 80), (90, 30), (110, 75), (150, 40), (170, 60), (230, 35)], "black", 5, "curve")
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def photo(color):
    stream = io.BytesIO()
    Image.new("RGB", (800, 600), color).save(stream, "JPEG")
    return base64.b64encode(stream.getvalue())


class PaperCase(RectificationCase):
    """One inspection with everything on it that papers show: names with rare characters, an observer, a trial, photos,
    findings of each grade, an objection, more clauses than a page holds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a.write({"name": "示例㙓医院（示例）", "address": "上海市示例区𠮷祥路1号", "office_phone": "021-63770000"})
        for person, name in zip(cls.people, ("王示例（示例）", "李𠮷（示例）", "陈观察（示例）"), strict=True):
            person.write({"name": name, "unit": "上海药品审评核查中心（示例）"})
        cls.env["ctsp.inspector.certificate"].create({
            "inspector_id": cls.people[0].id, "number": "沪检㙓001",
            "kind_id": cls.env["ctsp.dictionary.item"].search(
                [("dictionary_code", "=", "inspector_certificate")], limit=1).id})
        cls.trial_a = cls.trial("示例𠮷片Ⅲ期临床试验（示例）", [cls.a], drug_name="示例𠮷片")
        cls.library = cls.make_library()
        cls.whole = cls.begun(
            library_id=cls.library.id, date_planned_from="2026-03-02", date_planned_to="2026-03-04",
            trial_ids=[Command.set(cls.trial_a.ids)], member_ids=[
                Command.create({"inspector_id": cls.people[0].id, "role": "leader"}),
                Command.create({"inspector_id": cls.people[1].id}),
                Command.create({"inspector_id": cls.people[2].id, "role": "observer"})])
        cls.record_everything(cls.whole)

    @classmethod
    def make_library(cls):
        library = cls.env["ctsp.clause.library"].create({
            "name": "测试要点（示例）", "code": "T2", "number": "示例〔2026〕2号", "date_from": "2024-03-01",
            "status": "sample", "section_ids": [
                Command.create({"name": name, "sequence": at})
                for at, name in enumerate(("组织机构", "人员与培训", "试验用药品管理"), 1)]})
        cls.env["ctsp.clause"].create([{
            "library_id": library.id, "section_id": section.id, "number": f"{at}.{number}",
            "grade": ("critical", "major", "minor")[number % 3],
            "object": "institution" if number < 11 else "specialty",
            "point": f"检查要点{at}.{number}", "content": f"{LONG}（第{number}条）。",
            "basis": "《药物临床试验质量管理规范》第二十条"}
            for at, section in enumerate(library.section_ids, 1) for number in range(1, 13)])
        library.action_publish()
        return library

    @classmethod
    def record_everything(cls, inspection):
        """Record all clauses in one call, with a finding of each grade, an objection and two photos."""
        found = {"1.1": "培训记录不完整㙓（示例）", "1.2": "授权表缺少李𠮷的签名（示例）",
                 "1.3": "关键岗位职责不清（示例）"}
        cls.env["ctsp.inspection"].with_user(cls.inspector).record(inspection.id, [{
            "id": str(uuid.uuid4()), "line": line.id, "revision": line.revision, "values": (
                {"result": "nonconform", "description": found[line.number]} if line.number in found
                else {"result": "na" if line.number == "3.1" else "conform"})}
            for line in inspection.line_ids])
        for color in ((90, 140, 200), (200, 170, 90)):
            cls.env["ctsp.inspection.evidence"].with_user(cls.inspector).intake(inspection.id, {
                "file_name": "现场.jpg", "data": photo(color), "line_id": inspection.line_ids[0].id, "place": "药房"})
        cls.concluded(inspection).write({
            "summary": "检查了机构与专业㙓（示例）。\n抽查了三项试验的原始记录（示例）。",
            "attendants": "王示例（示例），机构办公室主任"})
        inspection.finding_ids[0].objection = "已补充㙓记录（示例）"

    @classmethod
    def fill(cls, document):
        for row in document.input_ids:
            row.value = row.value or f"填写{row.label}㙓𠮷"
        return document

    @classmethod
    def final(cls, code, inspection=None, **refusal):
        """Make, fill in, sign and finalise a paper as the user of ``inspection``; return it.

        :param refusal: what the inspected side does instead of signing, as for ``_take``
        """
        document = cls.fill((inspection or cls.whole)._document_make(code))
        if document.signature_ids:
            document._fix()
        for row in document.signature_ids:
            vals = {"name": row.name or "张㙓（示例）", "image": png()}
            row._take({**vals, **(refusal if row.role == "inspectee" else {})})
        document._finalise()
        return document

    @classmethod
    def bytes_of(cls, document):
        return base64.b64decode(document.with_context(bin_size=False).data)

    @classmethod
    def all_nine(cls):
        """Return ``{code: final paper}`` of the whole life of the inspection."""
        team = ("inspection_notice", "meeting_sheet", "inspection_record", "clause_sheet", "defect_list",
                "inspection_report")
        papers = {code: cls.final(code) for code in team}
        reviewer = cls.approved(cls.whole)
        reviewer.run_transition("rectify")
        papers["rectification_notice"] = cls.final("rectification_notice", reviewer)
        items = reviewer.rectification_ids
        cls.answer(cls, items.with_env(cls.env), correction="已补齐李𠮷的授权记录㙓（示例）")
        items.run_transition("accept")
        reviewer.evaluate("pass", "整改到位㙓（示例）")
        papers["evaluation_report"] = cls.final("evaluation_report", reviewer)
        papers["delivery_receipt"] = cls.final("delivery_receipt", reviewer)
        return papers
