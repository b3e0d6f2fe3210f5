"""JSON Schema (2020-12) of a row, from the definition. What a schema cannot say stands in ``x-rules``."""
from .definition import FORMATS, Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {"string": "string", "text": "string", "integer": "integer", "decimal": "number", "boolean": "boolean",
         "date": "string", "datetime": "string", "code": "string"}


def row_schema(definition, dialect=True):
    """Return the schema of one row as a dict."""
    schema = {"$schema": DIALECT} if dialect else {}
    schema |= {"title": f"{definition.name} {definition.version}", **_object(definition.fields)}
    if definition.description:
        schema["description"] = definition.description
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
    notes = [item.definition, f"单位：{item.unit}" if item.unit else "", FORMATS.get(item.format, "")]
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
        if item.pattern:
            limits["pattern"] = f"^(?:{item.pattern})$"
    if item.type == "code":
        limits["enum"] = [code for code, _name in item.codes]
        limits["x-names"] = dict(item.codes)
    if item.type in ("integer", "decimal"):
        number = int if item.type == "integer" else float
        limits |= {key: number(bound) for key, bound in (("minimum", item.minimum), ("maximum", item.maximum)) if bound}
    if item.type in ("date", "datetime"):
        limits["format"] = "date" if item.type == "date" else "date-time"
    return limits


def example(item):
    """Return the example of a field in its JSON type."""
    if item.type == "integer":
        return int(item.example)
    if item.type == "decimal":
        return float(item.example)
    if item.type == "boolean":
        return item.example in ("是", "true", "1")
    return item.example
