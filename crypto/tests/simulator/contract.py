"""`openapi.json` as judge: what is asked and what is answered must be in it."""
import json
import re
from functools import cache
from pathlib import Path

import ctsp_crypto.providers.cloud

PATH = Path(ctsp_crypto.providers.cloud.__file__).with_name("openapi.json")
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


@cache
def document() -> dict:
    return json.loads(PATH.read_text(encoding="utf-8"))


def operation(method: str, path: str) -> tuple[str, dict] | None:
    """The path as the contract writes it, and the operation."""
    for template, operations in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            return template, operations[method.lower()]
    return None


def request_problems(operation: dict, body) -> list[str]:
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return problems(schema, body) if schema else ([] if body is None else ["no body expected"])


def answer_problems(operation: dict, body) -> list[str]:
    return problems(operation["responses"]["200"]["content"]["application/json"]["schema"], body)


def problems(schema: dict, value, where: str = "body") -> list[str]:
    schema = resolved(schema)
    if type(value) is not TYPES[schema["type"]]:
        return [f"{where}: not {schema['type']}"]
    found = list(limits(schema, value, where))
    if schema["type"] == "array":
        for index, item in enumerate(value):
            found += problems(schema["items"], item, f"{where}[{index}]")
    if schema["type"] == "object":
        found += [f"{where}: {name} missing" for name in schema["required"] if name not in value]
        found += [f"{where}: {name} unknown" for name in value if name not in schema["properties"]]
        for name in value.keys() & schema["properties"].keys():
            found += problems(schema["properties"][name], value[name], f"{where}.{name}")
    return found


def limits(schema: dict, value, where: str):
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: not in {schema['enum']}"
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        yield f"{where}: not {schema['pattern']}"
    if "minimum" in schema and not schema["minimum"] <= value <= schema.get("maximum", value):
        yield f"{where}: out of range"
    if schema["type"] == "array" and len(value) < schema.get("minItems", 0):
        yield f"{where}: too few"


def resolved(schema: dict) -> dict:
    if "$ref" not in schema:
        return schema
    found = document()
    for part in schema["$ref"].lstrip("#/").split("/"):
        found = found[part]
    return found
