"""A small data set of every type, and workbooks, for tests."""
import io

import openpyxl

from ..tools.definition import load

DATA = {
    "code": "trials", "name": "项目", "version": "1.0", "keys": ["ctr_no"], "source": "测试",
    "fields": [
        {"code": "ctr_no", "name": "登记号", "required": True, "length": 11, "format": "ctr_no",
         "example": "CTR20260001"},
        {"code": "title", "name": "题目", "required": True, "length": 20, "example": "某药治疗某病的试验"},
        {"code": "phase", "name": "分期", "type": "code", "required": True, "example": "1",
         "codes": [["1", "Ⅰ期"], ["2", "Ⅱ期"]]},
        {"code": "planned", "name": "计划例数", "type": "integer", "minimum": "0", "maximum": "10000", "unit": "例",
         "example": "120"},
        {"code": "rate", "name": "比例", "type": "decimal", "digits": 2, "minimum": "0", "maximum": "1"},
        {"code": "start_date", "name": "开始日期", "type": "date", "maximum": "today", "example": "2026-01-15"},
        {"code": "end_date", "name": "结束日期", "type": "date"},
        {"code": "open", "name": "公开", "type": "boolean"},
        {"code": "phone", "name": "电话", "length": 20, "format": "phone", "personal": "phone"},
        {"code": "parent_no", "name": "上级登记号", "length": 11},
        {"code": "note", "name": "编号", "pattern": "[A-Z]{2}-\\d{3}", "example": "AB-001"},
        {"code": "members", "name": "委员", "type": "list", "length": 5, "fields": [
            {"code": "name", "name": "姓名", "required": True, "personal": "name", "example": "张三（示例）"},
            {"code": "gender", "name": "性别", "type": "code", "codes": [["m", "男"], ["f", "女"]], "example": "f"}]},
    ],
    "rules": [
        {"code": "dates", "expression": "end_date >= start_date", "fields": ["end_date"],
         "message": "结束日期早于开始日期", "hint": "请核对两个日期"},
        {"code": "women", "expression": "count(members) > 1 implies any(members, gender = 'f')", "fields": ["members"],
         "message": "委员中没有女性", "level": "warning"},
        {"code": "parent", "kind": "exists", "fields": ["parent_no"], "target": ["ctr_no"]},
    ],
}


def definition(**changes):
    return load({**DATA, **changes})


def row(number=1, **changes):
    return {"ctr_no": f"CTR2026{number:04d}", "title": "某药", "phase": "1", **changes}


def xlsx(rows):
    """Return an xlsx of ``rows``."""
    made, stream = openpyxl.Workbook(), io.BytesIO()
    for one in rows:
        made.active.append(one)
    made.save(stream)
    return stream.getvalue()
