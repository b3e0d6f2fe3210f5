"""A version of a data set as plain data: what validation, documents, schemas and screens are all made from."""
import re
from dataclasses import asdict, dataclass, field, fields

from .expression import ExpressionError, names
from .expression_values import safe_pattern

CODE = re.compile(r"^[a-z][a-z0-9_]{0,62}$", re.ASCII)
TYPES = {
    "string": "文本", "text": "长文本", "integer": "整数", "decimal": "小数", "boolean": "是否", "date": "日期",
    "datetime": "日期时间", "code": "代码", "list": "列表",
}
FORMATS = {
    "uscc": "统一社会信用代码", "record_no": "备案号", "ctr_no": "登记号", "trial_no": "登记号或备案号",
    "id_number": "公民身份号码", "phone": "电话", "email": "电子邮箱", "postcode": "邮政编码",
}
KINDS = ("name", "phone", "id_number", "email", "address", "date", "text")
DEFAULT_LENGTH = {"string": 200, "text": 4000}
LENGTH_LIMIT = 20_000
ROWS_LIMIT = 1000
MODES = {"partial": "逐行接收：合格的行接收，不合格的行退回", "whole": "整批接收：有一行不合格则整批退回"}


@dataclass
class Field:
    """A field: ``codes`` are ``[[code, name]]``, ``fields`` those of an inner row (type ``list``)."""

    code: str
    name: str
    type: str = "string"
    required: bool = False
    length: int = 0
    digits: int = 0
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    format: str = ""
    codes: list = field(default_factory=list)
    personal: str = ""
    example: str = ""
    definition: str = ""
    source: str = ""
    fields: list = field(default_factory=list)

    @property
    def limit(self):
        """Longest text (strings), most inner rows (lists)."""
        return self.length or DEFAULT_LENGTH.get(self.type, ROWS_LIMIT)


@dataclass
class Rule:
    """A rule over one row (``expression``) or over the rows of a submission.

    :param kind: ``row``; ``unique`` (the values of ``fields`` once); ``exists`` (the values of ``fields`` stand in
        ``target`` of some row of the same submission)
    :param level: ``error`` refuses the row, ``warning`` is only told
    """

    code: str
    kind: str = "row"
    expression: str = ""
    fields: list = field(default_factory=list)
    target: list = field(default_factory=list)
    message: str = ""
    hint: str = ""
    level: str = "error"
    source: str = ""


@dataclass
class Definition:
    """One version of a data set."""

    code: str
    name: str
    version: str = "1.0"
    description: str = ""
    source: str = ""
    mode: str = "partial"
    keys: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    rules: list = field(default_factory=list)

    def field(self, code):
        return next((item for item in self.fields if item.code == code), None)

    def as_dict(self):
        """Return plain data without what is empty, for storage, digest and comparison."""
        return _lean(asdict(self))

    def walk(self):
        """Yield ``(path, field)`` of every field, inner ones as ``members.name``."""
        for item in self.fields:
            yield item.code, item
            for inner in item.fields:
                yield f"{item.code}.{inner.code}", inner

    def columns(self):
        """Yield ``(title, code of its list or None, field)`` of each column of a table."""
        lists = {item.code: item.name for item in self.fields if item.type == "list"}
        for path, item in self.walk():
            outer, _dot, _inner = path.rpartition(".")
            if item.type != "list":
                yield (f"{lists[outer]}.{item.name}" if outer else item.name), outer or None, item


def _lean(value):
    if isinstance(value, dict):
        return {key: _lean(item) for key, item in value.items() if item not in ("", 0, [], None) or key == "required"}
    return [_lean(item) for item in value] if isinstance(value, list) else value


def load(data):
    """Return the :class:`Definition` of plain ``data``; unknown keys raise ``ValueError``."""
    values = _known(Definition, data)
    values["fields"] = [_field(item) for item in values.get("fields", [])]
    values["rules"] = [Rule(**_known(Rule, item)) for item in values.get("rules", [])]
    return Definition(**values)


def _field(data):
    values = _known(Field, data)
    values["fields"] = [_field(item) for item in values.get("fields", [])]
    return Field(**values)


def _known(cls, data):
    unknown = set(data) - {item.name for item in fields(cls)}
    if unknown:
        raise ValueError(f"未知的属性：{'、'.join(sorted(unknown))}")
    return dict(data)


# -- is it sound? ----------------------------------------------------------------------------------

def problems(definition):
    """Return sentences about what is wrong with a definition; an empty list when it can be published."""
    found = []
    if not CODE.match(definition.code):
        found.append(f"数据集代码“{definition.code}”应为小写字母、数字和下划线")
    if not definition.fields:
        found.append("还没有字段")
    found += _field_problems(definition.fields, "")
    codes = {item.code for item in definition.fields}
    for code in definition.keys:
        item = definition.field(code)
        if not item or item.type == "list":
            found.append(f"主键“{code}”不是本数据集的字段")
        elif not item.required:
            found.append(f"主键“{code}”应为必填")
    for rule in definition.rules:
        found += [f"规则“{rule.code}”：{text}" for text in _rule_problems(rule, definition, codes)]
    return found


def _field_problems(items, prefix):
    seen = set()
    for item in items:
        name = f"{prefix}{item.code}"
        if not CODE.match(item.code):
            yield f"字段代码“{name}”应为小写字母、数字和下划线"
        if item.code in seen:
            yield f"字段代码“{name}”重复"
        seen.add(item.code)
        yield from (f"字段“{name}”：{text}" for text in _single_problems(item, bool(prefix)))
        yield from _field_problems(item.fields, f"{name}.")


def _single_problems(item, inner):
    if not item.name:
        yield "缺少中文名"
    if item.type not in TYPES:
        yield f"类型“{item.type}”不存在"
    if item.type == "code" and not item.codes:
        yield "代码型字段缺少代码表"
    if item.type == "list" and (inner or not item.fields):
        yield "列表只能有一层，且应有下级字段"
    if item.type != "list" and item.fields:
        yield "只有列表可以有下级字段"
    if item.format and item.format not in FORMATS:
        yield f"校验格式“{item.format}”不存在"
    if item.personal and item.personal not in KINDS:
        yield f"个人信息类别“{item.personal}”不存在"
    if not 0 <= item.length <= LENGTH_LIMIT:
        yield f"长度应在0与{LENGTH_LIMIT}之间"
    yield from _pattern_problems(item)
    yield from _bound_problems(item)


def _pattern_problems(item):
    if item.pattern:
        try:
            safe_pattern(item.pattern)
        except ValueError as error:
            yield str(error)


def _bound_problems(item):
    for bound in filter(None, (item.minimum, item.maximum)):
        if item.type in ("integer", "decimal"):
            try:
                int(bound) if item.type == "integer" else float(bound)
            except ValueError:
                yield f"取值范围“{bound}”不是{TYPES[item.type]}"
        elif item.type in ("date", "datetime"):
            if bound != "today" and not re.match(r"^\d{4}-\d\d-\d\d$", bound):
                yield f"取值范围“{bound}”应为 YYYY-MM-DD 或 today"
        else:
            yield "只有数值和日期可以有取值范围"


def _rule_problems(rule, definition, codes):
    if rule.kind == "row":
        inner = {item.code for outer in definition.fields for item in outer.fields}
        try:
            unknown = names(rule.expression) - codes - inner
        except ExpressionError as error:
            return [str(error)]
        return [f"没有字段“{name}”" for name in sorted(unknown)] + ([] if rule.message else ["缺少提示"])
    if rule.kind not in ("unique", "exists"):
        return [f"种类“{rule.kind}”不存在"]
    unknown = [f"没有字段“{name}”" for name in (*rule.fields, *rule.target) if name not in codes]
    if not rule.fields or (rule.kind == "exists") != (len(rule.target) == len(rule.fields)):
        unknown.append("应指明字段；exists 的对照字段与字段数目相同")
    return unknown
