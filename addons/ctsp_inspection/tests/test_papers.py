import base64
import io

from PIL import Image
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_document.tools import blocks, language
from odoo.addons.ctsp_inspection.tools.paper_words import CONCLUSIONS

from .common import InspectionCase

TEAM_PAPERS = (
    "inspection_notice", "meeting_sheet", "inspection_record", "clause_sheet", "defect_list", "inspection_report")


def png():
    stream = io.BytesIO()
    Image.new("RGB", (120, 60), "black").save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def text_of(pdf):
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@tagged("post_install", "-at_install")
class TestPapers(InspectionCase):
    """Every paper of an inspection: what it says is what the record says, rare characters included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a.write({"name": "示例㙓医院（示例）", "address": "上海市示例区𠮷祥路1号", "office_phone": "021-63770000"})
        cls.people[1].name = "李𠮷（示例）"
        cls.env["ctsp.inspector.certificate"].create({
            "inspector_id": cls.people[0].id, "number": "沪检㙓001",
            "kind_id": cls.env["ctsp.dictionary.item"].search(
                [("dictionary_code", "=", "inspector_certificate")], limit=1).id})
        cls.trial_a = cls.trial("示例𠮷片Ⅲ期临床试验（示例）", [cls.a], drug_name="示例𠮷片")
        cls.inspection = cls.begun(trial_ids=[Command.set(cls.trial_a.ids)])
        cls.recorded(cls.inspection)
        cls.inspection.finding_ids.objection = "已补充㙓记录（示例）"

    def fill(self, document):
        for row in document.input_ids:
            row.value = row.value or f"填写{row.label}㙓𠮷"
        return document

    def final(self, code, inspection=None):
        """Make, fill in, sign and finalise a paper as the user of ``inspection``; return it with its text."""
        document = self.fill((inspection or self.inspection)._document_make(code))
        if document.signature_ids:
            document._fix()
        for row in document.signature_ids:
            row._take({"name": row.name or "被检查单位张㙓（示例）", "image": png()})
        document._finalise()
        return document, text_of(base64.b64decode(document.with_context(bin_size=False).data))

    def check(self, text, *expected):
        for words in expected:
            self.assertIn("".join(str(words).split()), text)

    def in_rectification(self):
        reviewer = self.approved(self.inspection)
        reviewer.run_transition("rectify")
        return reviewer

    def test_templates_are_published(self):
        """Each type has a published template without problems; its samples and its values have the same names."""
        kinds = self.env["ctsp.document.type"].search([("res_model", "=", "ctsp.inspection")])
        self.assertEqual(len(kinds), 9)
        for kind in kinds:
            self.assertTrue(kind.template_id, kind.name)
            self.assertFalse(kind.template_id.problem_text, kind.name)
            samples = kind.template_id._sample_values()
            values = self.inspection._document_values(kind.code)
            samples.pop("input", None)
            self.assertEqual(samples.keys(), values.keys(), kind.name)
            for name, value in values.items():
                if isinstance(value, list) and value:
                    self.assertEqual(samples[name][0].keys(), value[0].keys(), (kind.name, name))
            problems = language.check(
                kind.template_id.content, {**values, "input": samples_of(kind)}, blocks.names())
            self.assertFalse([it for it in problems if it.code != "unknown"], kind.name)

    def test_notice(self):
        _document, text = self.final("inspection_notice")
        self.check(text, "监督检查告知书", self.a.name, self.a.address, "李𠮷（示例）", "沪检㙓001", "不申请回避",
                   "拒绝检查",
                   "告第0001号", "被检查单位负责人：", "检查人员：", "第1页共")

    def test_record(self):
        document, text = self.final("inspection_record")
        self.check(text, "现场检查笔录", self.a.name, "填写现场负责人及职务㙓𠮷", self.inspection.summary,
                   "（以下空白）", "现笔第0001号")
        pages = PdfReader(io.BytesIO(base64.b64decode(document.with_context(bin_size=False).data))).pages
        for page in pages:
            self.check("".join(page.extract_text().split()), "被检查单位负责人：", "检查人员：", "记录人：")

    def test_clause_sheet(self):
        _document, text = self.final("clause_sheet")
        lines = self.inspection.line_ids
        self.assertEqual(len(lines), 4)
        for line in lines:
            self.check(text, line.number, line.point, line.content, line.description or "")
        self.check(text, "培训记录不完整（示例）", "不符合", "不适用", "★★", "检查组长：", "检查组员：")

    def test_defects(self):
        _document, text = self.final("defect_list")
        finding = self.inspection.finding_ids
        self.check(text, "缺陷项目清单", finding.description, "主要缺陷1项", "各执一份")

    def test_no_defects(self):
        clean = self.recorded(self.begun(), nonconform=())
        _document, text = self.final("defect_list", clean)
        self.check(text, "本次检查未发现缺陷项目")

    def test_report(self):
        """The report needs its account; it shows team, trials, findings, objections, conclusion and handling."""
        self.inspection.summary = False
        with self.assertRaises(UserError):
            self.final("inspection_report")
        self.inspection.summary = "检查了机构与专业㙓（示例）"
        self.inspection.conclusion_ids[0].system_reason = "制度覆盖各环节㙓（示例）"
        _document, text = self.final("inspection_report")
        self.check(text, self.a.record_no, "检查了机构与专业㙓（示例）", "示例𠮷片Ⅲ期临床试验（示例）",
                   "培训记录不完整（示例）",
                   "已补充㙓记录（示例）", "√限期整改", "李𠮷（示例）", "第1次",
                   f"√{CONCLUSIONS[self.inspection.conclusion]}", "□不符合要求",
                   "质量管理体系", "认定依据", "健全制度覆盖各环节㙓（示例）")

    def test_evaluation(self):
        """The comprehensive evaluation shows what the leader stated on the quality system, and why."""
        self.inspection.conclusion_ids[0].write({
            "sound_system": "unsound", "system_reason": "内审未实施㙓（示例）", "decided": "rectify", "reason": "示例"})
        reviewer = self.in_rectification()
        reviewer.evaluate("fail", "整改未落实（示例）")
        _document, text = self.final("evaluation_report", reviewer)
        self.check(text, "综合评定报告书", "不健全内审未实施㙓（示例）", "√不符合要求")

    def test_meeting(self):
        _document, text = self.final("meeting_sheet")
        self.check(text, "首末次会议签到表", "首次会议签名", self.a.name)

    def test_rectification_notice(self):
        """The notice of the reviewer goes to the institution as soon as it is final."""
        with self.assertRaises(AccessError):
            self.inspection._document_make("rectification_notice")
        with self.assertRaises(UserError):
            self.inspection.with_user(self.reviewer)._document_make("rectification_notice")
        document, text = self.final("rectification_notice", self.in_rectification())
        self.check(text, "限期整改通知书", self.a.name, "培训记录不完整（示例）", "缺陷1项", "（盖章）")
        self.assertTrue(document.released_at)
        self.assertEqual(self.env["ctsp.document"].with_user(self.user_a).search([]), document)
        self.assertFalse(self.env["ctsp.document"].with_user(self.user_b).search([]))
        with self.assertRaises(UserError):
            document._record()._document_make("rectification_notice")

    def test_receipt(self):
        with self.assertRaises(UserError):
            self.inspection._document_make("delivery_receipt")
        notice, _text = self.final("inspection_notice")
        _document, text = self.final("delivery_receipt")
        self.check(text, "送达回证", notice.number, "√直接送达", "收件人：", "送达人：")

    def test_who(self):
        """The team makes its papers, the leader closes the weighty ones, others read at most; strangers see nothing."""
        for user in (self.reviewer, self.planner):
            for code in TEAM_PAPERS:
                with self.assertRaises(AccessError):
                    self.inspection.with_user(user)._document_make(code)
        draft = self.fill(self.inspection.with_user(self.second)._document_make("defect_list"))
        for row in draft.signature_ids:
            draft._fix()
            row._take({"name": row.name or "甲（示例）", "image": png()})
        with self.assertRaises(AccessError):
            draft._finalise()
        draft.with_user(self.inspector)._finalise()
        self.assertEqual(draft.state, "final")
        documents = self.env["ctsp.document"]
        self.assertFalse(documents.with_user(self.stranger).search([]))
        self.assertFalse(documents.with_user(self.user_a).search([]))
        for reader in (self.reviewer, self.planner, self.leader):
            self.assertEqual(documents.with_user(reader).search([]), draft)
        with self.assertRaises(AccessError):
            draft.with_user(self.stranger).read(["number"])

    def test_before_it_is_assigned(self):
        """A draft has no papers, an assigned inspection the notice only."""
        draft = self.make()
        board = {line["code"]: line for line in draft.document_board}
        self.assertFalse([code for code, line in board.items() if line["may_make"]])
        draft.run_transition("assign")
        assigned = draft.with_user(self.inspector)
        board = {line["code"]: line for line in assigned.document_board}
        self.assertEqual([code for code, line in board.items() if line["may_make"]],
                         ["inspection_notice", "meeting_sheet"])

    def test_after_approval(self):
        """What the team states on paper is made before the reviewer decides; a correction opens it again."""
        reviewer = self.in_rectification()
        team = self.inspection
        team.invalidate_recordset()
        with self.assertRaises(UserError):
            team._document_make("defect_list")
        reviewer.run_transition("correct", "更正（示例）")
        self.assertTrue(team._document_make("defect_list"))

    def test_many(self):
        """One action makes a paper for each chosen inspection; refusals are told, the rest is packed."""
        strange = self.make(member_ids=[Command.create({"inspector_id": self.people[2].id, "role": "leader"})])
        strange.run_transition("assign")
        action = (self.inspection | strange).with_user(self.second).sudo(False)
        with self.assertRaises(AccessError):
            action.action_document_make_many()
        wizard = self.env["ctsp.document.make"].with_user(self.second).browse(
            self.inspection.with_user(self.second).action_document_make_many()["res_id"])
        wizard.type_id = self.env.ref("ctsp_inspection.document_type_meeting_sheet")
        wizard.action_make()
        batch = self.env["ctsp.document.batch"].with_user(self.second).search([], limit=1)
        self.assertEqual((len(batch.document_ids), batch.job_state), (1, "done"))


def samples_of(kind):
    return {row.code: (row.name, row.sample or "") for row in kind.input_ids}
