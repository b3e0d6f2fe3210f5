import base64
import io

from PIL import Image
from PyPDF2 import PdfReader

from odoo.addons.ctsp_base.tests.common import CtspCase

TEMPLATE = """{{ every_page(["inspectee", "inspector"]) }}
{{ number() }}{{ title() }}
{{ facts([("被检查单位", name), ("检查人员", input.people)], columns=2) }}
{{ box("检查情况", text, height=60) }}
{{ grid(lines, [("序号", "no", 12, true), ("内容", "content")]) }}
{{ objections() }}
{{ rest() }}
"""


def png():
    stream = io.BytesIO()
    Image.new("RGB", (120, 60), "black").save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def text_of(pdf):
    """Return the text of a PDF without blanks and line ends."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def make_kind(env):
    """Return a type of paper on the test model and its published template."""
    sequence = env["ir.sequence"].create({
        "name": "Test record", "code": "test.paper", "implementation": "no_gap", "use_date_range": True,
        "prefix": "沪药检〔%(range_year)s〕测笔 第", "suffix": "号", "padding": 4, "company_id": False})
    kind = env["ctsp.document.type"].create({
        "name": "测试笔录", "code": "test_record", "res_model": "ctsp.test.papered", "sequence_id": sequence.id,
        "signer_roles": [["inspectee", "被检查单位负责人"], ["inspector", "检查人员"]], "needs_signatures": True,
        "input_ids": [(0, 0, {"name": "检查人员", "code": "people", "required": True, "sample": "㙓示例"})]})
    template = env["ctsp.document.template"].create({"type_id": kind.id, "content": TEMPLATE})
    template.run_transition("publish")
    return kind, template


class DocumentCase(CtspCase):
    """A type of paper on the test model, its template published; an inspector with a record, and others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind, cls.template = make_kind(cls.env)
        cls.sequence = cls.kind.sequence_id
        cls.inspector = cls.role("inspector")
        cls.reviewer = cls.role("reviewer")
        cls.company, cls.outsider = cls.outside("示例第一医院（示例）")
        cls.record = cls.env["ctsp.test.papered"].with_user(cls.inspector).create({
            "name": "示例𠮷第一医院（示例）", "text": "第一条：㙓\n第二条：符合", "partner_id": cls.company.id})

    @classmethod
    def draft(cls, record=None):
        """Return a draft with its text filled in, as the inspector."""
        document = (record or cls.record)._document_make("test_record")
        document.input_ids.value = "张㙓、李𠮷（示例）"
        return document

    @classmethod
    def signed(cls, document, **vals):
        """Sign for all parties."""
        document._fix()
        for row in document.signature_ids:
            row._take({"name": "签名人（示例）", "image": png(), **vals})
        return document

    @classmethod
    def final(cls, record=None):
        document = cls.signed(cls.draft(record))
        document._finalise()
        return document
