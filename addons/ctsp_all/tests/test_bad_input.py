import re

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(the|is|not|must|cannot|can't|invalid|already|record|field)\b", re.IGNORECASE)

# role, model, values, words the message must contain
BAD = [
    ("data_steward", "ctsp.institution", {"name": "甲", "record_no": "123"}, "备案号"),
    ("data_steward", "ctsp.institution", {"name": "甲", "record_no": "药临床机构备字12345"}, "备案号"),
    ("data_steward", "ctsp.institution", {"name": "甲", "uscc": "12310000425000000"}, "统一社会信用代码"),
    ("data_steward", "ctsp.institution", {"name": "甲", "uscc": "123100004250000001"}, "统一社会信用代码"),
    ("data_steward", "ctsp.institution", {"name": "甲", "uscc": "１２３１IO"}, "统一社会信用代码"),
    ("data_steward", "ctsp.institution", {"name": "甲", "state": "filed"}, "备案号"),
    ("data_steward", "ctsp.institution", {"name": "甲", "bed_count": -1}, "床位"),
    ("data_steward", "ctsp.institution", {
        "name": "甲", "first_filed_date": "2026-03-01", "cancelled_date": "2025-03-01"}, "备案"),
    ("data_steward", "ctsp.institution", {"name": "乙", "uscc": "$uscc"}, "统一社会信用代码"),
    ("data_steward", "ctsp.institution", {"name": "乙", "record_no": "$record_no"}, "备案号"),
    ("data_steward", "ctsp.institution", {}, "机构"),
    ("data_steward", "ctsp.site", {
        "institution_id": "$institution", "name": "甲", "address": "乙", "source_longitude": 121.4}, "经度"),
    ("data_steward", "ctsp.site", {
        "institution_id": "$institution", "name": "甲", "address": "乙", "source_longitude": 31.2,
        "source_latitude": 121.4}, "经度"),
    ("data_steward", "ctsp.site", {"institution_id": "$institution", "name": "甲"}, "地址"),
    ("data_steward", "ctsp.specialty", {"institution_id": "$institution"}, "专业"),
    ("data_steward", "ctsp.specialty", {
        "institution_id": "$institution", "discipline_id": "$discipline", "bed_count": -3}, "床位"),
    ("data_steward", "ctsp.specialty", {
        "institution_id": "$institution", "discipline_id": "$discipline", "pi_id": "$stranger"}, "不属于本机构"),
    ("data_steward", "ctsp.specialty", {
        "institution_id": "$institution", "discipline_id": "$discipline", "filed_date": "2026-03-01",
        "cancelled_date": "2020-03-01"}, "备案"),
    ("data_steward", "ctsp.person", {"name": "甲"}, "机构"),
    ("data_steward", "ctsp.person", {
        "name": "甲", "institution_id": "$institution", "id_number": "310101199001011235"}, "身份号码"),
    ("data_steward", "ctsp.person", {
        "name": "甲", "institution_id": "$institution", "id_number": "310101199013011234"}, "身份号码"),
    ("data_steward", "ctsp.person", {"name": "甲", "institution_id": "$institution", "mobile": "12345"}, "手机"),
    ("data_steward", "ctsp.person", {"name": "甲", "institution_id": "$institution", "email": "a@"}, "邮箱"),
    ("data_steward", "ctsp.organization", {"name": "甲", "uscc": "123"}, "统一社会信用代码"),
    ("data_steward", "ctsp.trial", {"name": "甲", "ctr_no": "CTR2021"}, "登记号"),
    ("data_steward", "ctsp.trial", {"name": "甲", "ctr_no": "20211858"}, "登记号"),
    ("data_steward", "ctsp.trial", {"name": "甲", "planned_total": -1}, "例数"),
    ("data_steward", "ctsp.trial", {
        "name": "甲", "first_enrolled_date": "2026-03-01", "completed_date": "2026-02-01"}, "入组"),
    ("data_steward", "ctsp.trial", {"ctr_no": "CTR20211858"}, "题目"),
    ("data_steward", "ctsp.dictionary.item", {"dictionary_id": "$dictionary", "name": "甲", "code": "$code"}, "代码"),
    ("system_admin", "ctsp.parameter.value", {
        "parameter_id": "$parameter", "valid_from": "2019-12-02", "value": "abc"}, "整数"),
    ("system_admin", "ctsp.parameter.value", {"parameter_id": "$parameter", "value": "6"}, "日期"),
    ("filing_officer", "ctsp.filing", {"kind": "change", "name": "甲"}, "机构"),
    ("filing_officer", "ctsp.filing", {"kind": "initial", "name": "甲", "bed_count": -1}, "床位"),
    ("filing_officer", "ctsp.filing", {"kind": "initial", "name": "甲", "state": "approved"}, "状态"),
    ("leader", "ctsp.institution", {"name": "甲"}, "不允许"),
    ("regulator", "ctsp.trial", {"name": "甲"}, "不允许"),
    ("inspector", "ctsp.filing", {"kind": "initial", "name": "甲"}, "不允许"),
    ("system_admin", "ctsp.institution", {"name": "甲"}, "不允许"),
    ("audit_admin", "ctsp.audit.event", {"event": "forged"}, "审计事件"),
    ("security_admin", "ctsp.parameter", {"code": "x", "name": "甲"}, "不允许"),
]


@tagged("post_install", "-at_install")
class TestBadInput(CtspCase):
    """The other side of each rule: a clear Chinese message that names the field, and nothing changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="zh_CN"))
        institution, other = cls.env["ctsp.institution"].create([
            {"name": "规则测试医院", "uscc": "12310000425006790X", "record_no": "药临床机构备字2098000001",
             "state": "filed"},
            {"name": "另一测试医院"},
        ])
        item = cls.env["ctsp.dictionary.item"].search([], limit=1)
        cls.known = {
            "$institution": institution.id,
            "$uscc": institution.uscc,
            "$record_no": institution.record_no,
            "$discipline": cls.env["ctsp.discipline"].search([], limit=1).id,
            "$stranger": cls.env["ctsp.person"].create({"name": "外人", "institution_id": other.id}).id,
            "$dictionary": item.dictionary_id.id,
            "$code": item.code,
            "$parameter": cls.env["ctsp.parameter"].search([("code", "=", "filing.first_inspection_days")]).id,
        }
        cls.env.flush_all()

    def refused(self, role, model, values):
        """Return the message with which ``values`` are refused, as the web client shows it."""
        values = {name: self.known.get(value, value) if isinstance(value, str) else value
                  for name, value in values.items()}
        target = self.env[model].with_user(self.role(role, personal=role == "data_steward"))
        before = self.env[model].with_context(active_test=False).search_count([])
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                target.create(values)
                self.env.flush_all()
        except psycopg2.IntegrityError as error:
            message = target._sql_error_to_message(error)
        except (UserError, ValidationError, AccessError) as error:
            message = str(error)
        else:
            self.fail(f"{role} could create {model} with {values}")
        after = self.env[model].with_context(active_test=False).search_count([])
        self.assertEqual(after, before, "nothing may be left behind")
        return message

    def test_forty_bad_inputs(self):
        self.assertGreaterEqual(len(BAD), 40)
        for role, model, values, words in BAD:
            with self.subTest(model=model, values=values):
                message = self.refused(role, model, values)
                self.assertRegex(message, CHINESE)
                self.assertNotRegex(message, ENGLISH)
                self.assertIn(words, message)
