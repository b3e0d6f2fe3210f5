"""How a definition reads on paper: the same columns for workbook, Word document and PDF."""
from .definition import FORMATS, MODES, TYPES

FIELD_COLUMNS = (
    ("序号", 6), ("字段代码", 20), ("中文名", 18), ("类型", 9), ("长度", 7), ("必填", 6), ("单位", 8), ("取值范围", 18),
    ("代码表", 30), ("格式", 16), ("示例", 20), ("定义", 34), ("来源标准", 18), ("个人信息", 9))
RULE_COLUMNS = (
    ("规则代码", 16), ("种类", 9), ("表达式", 40), ("字段", 18), ("对照字段", 18),
    ("不符时的提示", 36), ("如何改正", 30), ("级别", 8), ("来源标准", 18))
KINDS = {"row": "行内", "unique": "唯一", "exists": "存在"}
LEVELS = {"error": "拒收", "warning": "提醒"}
TODAY = "今天"
PERSONAL = {"name": "姓名", "phone": "电话", "id_number": "证件号码", "email": "邮箱", "address": "地址",
            "date": "日期", "text": "其他"}


def field_rows(definition):
    """Return one list of texts for each field, in the order of :data:`FIELD_COLUMNS`."""
    rows = []
    for number, (path, item) in enumerate(definition.walk(), 1):
        rows.append([
            str(number), path, item.name, TYPES[item.type], _length(item), "是" if item.required else "否",
            item.unit, _span(item),
            "；".join(f"{code}={name}" for code, name in item.codes), FORMATS.get(item.format) or item.pattern,
            item.example, item.definition, item.source, PERSONAL.get(item.personal, "")])
    return rows


def _span(item):
    low, high = (TODAY if bound == "today" else bound for bound in (item.minimum, item.maximum))
    return f"{low} ～ {high}".strip() if low or high else ""


def _length(item):
    if item.type in ("string", "text", "list"):
        return str(item.limit)
    return f"{item.digits}位小数" if item.digits else ""


def rule_rows(definition):
    """Return one list of texts for each rule, in the order of :data:`RULE_COLUMNS`."""
    return [[
        rule.code, KINDS[rule.kind],
        rule.expression, "、".join(rule.fields), "、".join(rule.target),
        rule.message, rule.hint, LEVELS[rule.level], rule.source] for rule in definition.rules]


def head_rows(definition):
    """Return what stands before the tables as (label, text)."""
    keys = "、".join(definition.field(code).name for code in definition.keys if definition.field(code))
    return [(label, text) for label, text in (
        ("数据集", definition.name), ("代码", definition.code), ("版本", definition.version),
        ("说明", definition.description), ("来源标准", definition.source), ("主键", keys),
        ("接收方式", MODES[definition.mode])) if text]
