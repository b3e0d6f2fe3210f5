"""JSON Schema (2020-12) of a row, from the definition. What a schema cannot say stands in ``x-rules``."""
import json

from odoo.addons.ctsp_base.tools import validators

from .definition import FORMATS, MODES, Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {"string": "string", "text": "string", "integer": "integer", "decimal": "number", "boolean": "boolean",
         "date": "string", "datetime": "string", "code": "string"}

#: format of a text → what a schema can say of its normal form; check characters and the like it cannot
FORMS = {
    "uscc": {"pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"}, "record_no": {"pattern": "^药临床?机构备字[0-9]{10}$"},
    "ctr_no": {"pattern": "^CTR[0-9]{8}$"},
    "trial_no": {"pattern": f"^(CTR[0-9]{{8}}|[{validators.PROVINCES}]械临备[0-9]{{8,10}})$"},
    "id_number": {"pattern": "^[0-9]{17}[0-9X]$"},
    "phone": {"pattern": "^(1[3-9][0-9]{9}|0(10|2[0-9]|[3-9][0-9]{2})-?[2-9][0-9]{6,7}(-[0-9]{1,6})?|"
                         "[48]00-?[0-9]{3}-?[0-9]{4})$"},
    "email": {"format": "email"}, "postcode": {"pattern": "^[0-8][0-9]{5}$"},
}
BEYOND = {"uscc": "最后一位为校验位", "id_number": "含出生日期和校验位"}
LIMITS = ("平台还校验本结构不能表达的约束：校验位，日期范围（x-minimum、x-maximum），小数位数（x-digits），"
          "规则（x-rules），主键（x-keys）。")


def row_schema(definition, dialect=True):
    """Return the schema of one row as a dict."""
    schema = {"$schema": DIALECT} if dialect else {}
    schema |= {"title": f"{definition.name} {definition.version}", **_object(definition.fields)}
    schema["description"] = "\n".join(filter(None, (definition.description, f"{MODES[definition.mode]}。", LIMITS)))
    schema["x-mode"] = definition.mode
    if definition.keys:
        schema["x-keys"] = list(definition.keys)
    rules = [{"code": rule.code, "kind": rule.kind, "expression": rule.expression, "fields": rule.fields,
              "message": rule.message, "level": rule.level} for rule in definition.rules]
    return schema | ({"x-rules": rules} if rules else {})


def _object(fields):
    return {
        "type": "object",
        "properties": {item.code: field_schema(item) for item in fields},
        "required": [item.code for item in fields if item.required],
        "additionalProperties": False,
    }


def field_schema(item: Field):
    """Return the schema of a field; ``null`` stands for “not given” where the field need not be given."""
    if item.type == "list":
        schema = {"type": "array", "items": _object(item.fields), "maxItems": item.limit}
        if item.required:
            schema["minItems"] = 1
    else:
        schema = {"type": TYPES[item.type], **_limits(item)}
    schema["title"] = item.name
    notes = [item.definition, f"单位：{item.unit}" if item.unit else "", FORMATS.get(item.format, ""),
             BEYOND.get(item.format, ""), _days(item)]
    if text := "；".join(filter(None, notes)):
        schema["description"] = text
    if item.example and item.type != "list":
        schema["examples"] = [example(item)]
    if not item.required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _limits(item):
    limits = {}
    if item.type in ("string", "text"):
        limits["maxLength"] = item.limit
        if item.required:
            limits["minLength"] = 1
            limits["pattern"] = "\\S"
        if item.pattern:
            limits["pattern"] = f"^(?:{item.pattern})$"
        elif item.format:
            limits |= {**FORMS[item.format], "x-format": item.format}
    if item.type == "code":
        limits["enum"] = [code for code, _name in item.codes]
        limits["x-names"] = dict(item.codes)
    if item.type in ("integer", "decimal"):
        number = int if item.type == "integer" else float
        limits |= {key: number(bound) for key, bound in (("minimum", item.minimum), ("maximum", item.maximum)) if bound}
    if item.type in ("date", "datetime"):
        limits["format"] = "date" if item.type == "date" else "date-time"
        limits |= {f"x-{key}": bound for key, bound in (("minimum", item.minimum), ("maximum", item.maximum)) if bound}
    if item.digits:
        limits["x-digits"] = item.digits
    return limits


def _days(item):
    """Return the bounds of days in words: a schema compares no texts."""
    if item.type not in ("date", "datetime"):
        return ""
    bounds = ((item.minimum, "不早于"), (item.maximum, "不晚于"))
    return "，".join(f"{words}{'今天' if bound == 'today' else bound}" for bound, words in bounds if bound)


def example(item):
    """Return the example of a field in its JSON type."""
    if item.type == "integer":
        return int(item.example)
    if item.type == "decimal":
        return float(item.example)
    if item.type == "boolean":
        return item.example in ("是", "true", "1")
    return item.example


def written(item):
    """Return how a value of the field is written in JSON, empty where the definition gives no example."""
    if item.type == "boolean":
        return "true 或 false（不加引号）"
    return json.dumps(example(item), ensure_ascii=False) if item.example else ""
