import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import converters, mapping
from ..tools.mapping import Line
from .engine_case import EngineCase

THEIRS = {"rwbh": " RW1 ", "qylb": [{"mc": "甲院", "lx": "01"}, {"mc": "乙院", "lx": "02"}], "rq": "20260131"}
LINES = (
    Line("taskNo", "rwbh", converter="trim", required=True), Line("rows[].name", "qylb[].mc", required=True),
    Line("rows[].kind", "qylb[].lx", codes={"01": "a", "02": "b"}), Line("deadline", "rq", converter="date"),
    Line("names", "qylb[].mc", converter="join"), Line("rows[].source", constant="x"),
    Line("level", "jb", default="普通"))


@tagged("post_install", "-at_install")
class TestMapping(EngineCase):
    """Fields are mapped by rows an administrator writes and tries out; no code is stored."""

    def test_pure(self):
        result, wrong = mapping.apply(THEIRS, LINES)
        self.assertEqual(wrong, [])
        self.assertEqual(result, {
            "taskNo": "RW1", "deadline": "2026-01-31", "names": "甲院、乙院", "level": "普通", "rows": [
                {"name": "甲院", "kind": "a", "source": "x"}, {"name": "乙院", "kind": "b", "source": "x"}]})
        broken = {"qylb": [{"lx": "01"}, {"mc": "乙院", "lx": "09"}], "rq": "never"}
        _result, wrong = mapping.apply(broken, LINES)
        self.assertEqual({row["path"]: row["message"] for row in wrong}, {
            "$.rwbh": "缺少必填内容", "$.qylb[0].mc": "缺少必填内容", "$.qylb[1].lx": "代码“09”不在代码对照表中",
            "$.rq": "“never”不是日期"})
        for target, source in (("a b", "x"), ("a..b", "x"), ("a", "x[].y[].z"), ("a", "*")):
            with self.assertRaises(mapping.WrongPath, msg=f"{source} → {target}"):
                mapping.check(Line(target, source))
        whole = [Line("*", "*"), Line("a.c", "a.b")]
        self.assertEqual(mapping.apply({"a": {"b": 1}}, whole)[0], {"a": {"b": 1, "c": 1}})
        for value in (None, [], "text", 5, {"qylb": "text"}, {"qylb": [None, 3]}):
            mapping.apply(value, LINES)  # never raises, whatever comes

    def test_converters(self):
        for name, value, wanted in (
            ("integer", "1,200", 1200), ("number", "1.5", 1.5), ("boolean", "是", True),
            ("date", "2026年1月3日", "2026-01-03"),
            ("compact", "2026-01-03", "20260103"), ("milliseconds", "2026-01-03T00:00:00Z", 1767398400000),
            ("datetime", "2026-01-03 08:00:00", "2026-01-03T00:00:00Z"), ("split", "甲、乙，丙", ["甲", "乙", "丙"]),
            ("upper", " ab ", "AB"), ("date", 1767398400000, "2026-01-03"), ("text", 5, "5"),
            ("date", "2026-01-31T23:00:00Z", "2026-02-01"), ("date", "20260131235959", "2026-01-31"),
            ("datetime", "20260131120000", "2026-01-31T04:00:00Z"), ("date", "202601311200", "2026-01-31"),
            ("date", 946656000000, "2000-01-01"), ("date", "9999-12-31", "9999-12-31"),
            ("datetime", "2026年1月3日 08:00", "2026-01-03T00:00:00Z")):
            self.assertEqual(converters.convert(value, name), wanted, (name, value))
        for name, value in (("integer", "1.5"), ("number", "x"), ("boolean", "maybe"), ("date", "2026-02-30"),
                            ("date", "2026-11"), ("date", "202611"), ("date", "2026-01-311"), ("date", "2026-01-03x"),
                            ("date", "²" * 8), ("date", 99999999999999),
                            ("date", "9999-12-31T23:00:00Z"), ("datetime", "0001-01-01"),
                            ("milliseconds", "0001-01-01"),
                            ("datetime", "soon"), ("text", {}), ("milliseconds", "9" * 15)):
            with self.assertRaises(ValueError, msg=(name, value)):
                converters.convert(value, name)

    def mapped(self, kind, lines, **values):
        contract = self.env["ctsp.exchange.contract"].create(
            {"type_id": kind.id, "version": "v1", "state": "published"} | values.pop("contract", {}))
        return self.env["ctsp.exchange.mapping"].with_user(self.role("data_steward")).create({
            "contract_id": contract.id, "line_ids": [Command.create(line) for line in lines], **values})

    def test_received(self):
        """What came stays as it came; the handler reads what the mapping in use makes of it."""
        inward = self.kind("in", "task")
        one = self.mapped(inward, [
            {"source": "rwbh", "target": "taskNo", "converter": "trim", "required": True},
            {"source": "lx", "target": "type", "code_list_id": self.env["ctsp.exchange.code.list"].create({
                "name": "Kinds", "code_ids": [Command.create({"source": "01", "target": "special"})]}).id}])
        got = []
        self.receives(lambda handler, message, data: got.append(data))
        self.received("T0", inward, rwbh="RW0")
        self.run_in()
        one.action_activate()
        good = self.received("T1", inward, rwbh=" RW1 ", lx="01")
        bad = self.received("T2", inward, lx="02")
        self.run_in()
        self.assertEqual(got, [{"rwbh": "RW0"}, {"taskNo": "RW1", "type": "special"}])
        self.assertEqual((good._data()["rwbh"], good.state, bad.state), (" RW1 ", "done", "dead"))
        self.assertIn("代码“02”不在代码对照表中", bad.reason)
        self.assertIn("缺少必填内容", bad.reason)
        self.assertIn("RW1", good.with_user(self.role("data_steward")).canonical_text)
        # the list is completed, and what waited goes through
        one.line_ids.code_list_id.code_ids = [Command.create({"source": "02", "target": "routine"})]
        draft = one.browse(one.action_next_version()["res_id"])
        draft.line_ids.filtered("required").required = False
        draft.action_activate()
        self.assertEqual((draft.number, one.state), (2, "retired"))
        bad.with_user(self.role("data_steward")).action_resend()
        self.run_in()
        self.assertEqual(got[-1], {"type": "routine"})

    def received(self, business_id, kind, **data):
        return self.env["ctsp.exchange.message"]._make(kind, business_id, 1, data, contract="v1")

    def test_sent(self):
        """What goes is what the contract says; what cannot be mapped is a dead letter, sent when it can."""
        text = '{"type": "object", "required": ["zt"], "properties": {"zt": {"enum": ["完成"]}}}'
        one = self.mapped(self.out, [{"source": "state", "target": "zt", "required": True}],
                          contract={"schema": text, "example": '{"zt": "完成"}'})
        one.action_activate()
        message = self.write("B1", state="done")
        self.assertEqual(message.state, "dead")
        self.assertIn("不在允许的取值范围内", message.reason)
        with self.assertRaises(UserError):
            message.with_user(self.role("data_steward")).action_resend()
        draft = one.browse(one.action_next_version()["res_id"])
        draft.line_ids.code_list_id = self.env["ctsp.exchange.code.list"].create({
            "name": "States", "code_ids": [Command.create({"source": "done", "target": "完成"})]})
        draft.action_activate()
        message.with_user(self.role("data_steward")).action_resend()
        self.run_out()
        self.assertEqual((message.state, message._data()), ("done", {"zt": "完成"}))
        self.assertEqual(json.loads(self.sent[0].body)["data"], {"zt": "完成"})

    def test_tried_out(self):
        """A sample shows result and problems while one writes; a mapping in use is fixed."""
        one = self.mapped(self.out, [{"source": "a", "target": "b", "converter": "integer"}], sample='{"a": "7"}')
        self.assertEqual((json.loads(one.test_result), one.test_good), ({"b": 7}, True))
        one.sample = '{"a": "x"}'
        self.assertEqual((one.test_errors, one.test_good), ("$.a　“x”不是数字", False))
        one.sample = "{"
        self.assertIn("$", one.test_errors)
        with self.assertRaises(ValidationError):
            one.line_ids.target = "a b"
        with self.assertRaises(ValidationError):
            one.line_ids = [Command.create({"target": "c"})]
        one.action_activate()
        with self.assertRaises(UserError):
            one.line_ids = [Command.create({"target": "c", "constant": "1"})]
        with self.assertRaises(ValidationError):
            one.line_ids.source = "z"
        other = one.browse(one.action_next_version()["res_id"])
        for wrong in (lambda: one.write({"state": "draft"}), lambda: one.copy({"state": "active"})):
            with self.assertRaises(AccessError):
                wrong()
        with self.assertRaises(UserError):
            one.canonical_schema = "{}"
        with self.assertRaises(ValidationError):
            other.line_ids.mapping_id = one
        with self.assertRaises(UserError):
            other.action_retire()
        with self.assertRaises(UserError):
            one.unlink()
        one.sample = '{"a": "8"}'
        with self.assertRaises(AccessError):
            one.with_user(self.role("system_admin")).action_retire()
