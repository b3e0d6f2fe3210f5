"""The OpenAPI 3.1 document of the open interfaces, from the published definitions."""
import re

from . import sample
from .json_schema import DIALECT, row_schema

VERSION = "1.0"
REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
PREFIX = "/ctsp/open/v1"
HEADERS = {
    "appKey": ("密钥编号，由监管机构发放", {"type": "string", "maxLength": 64}),
    "timestamp": ("请求时间，1970年以来的毫秒数；与服务器相差不超过5分钟", {"type": "string", "pattern": r"^\d{13}$"}),
    "nonce": ("随机串，16至128位，只用一次", {"type": "string", "pattern": "^[A-Za-z0-9._~-]{16,128}$"}),
    "sign": ("签名，见“签名方法”", {"type": "string", "maxLength": 1024}),
}
SIGNING = """机构按已发布的标准数据集报送数据，系统逐行逐字段校验，返回回执与校验报告。

**签名方法**

```
待签文本 = 方法 \\n 路径（含查询串） \\n timestamp \\n nonce \\n SM3(请求体) 的小写十六进制      （以 \\n 连接，UTF-8）
sign     = HMAC-SM3(密钥, 待签文本) 的小写十六进制   或   SM2（SM3摘要）签名的 base64，依密钥种类
```

同一 `requestId` 重复提交返回第一次的回执，不重复入库。测试密钥只写入测试库。
"""
ERRORS = {
    "400": "请求格式有误", "401": "密钥、签名、时间或随机串有误", "403": "来源地址或权限不符", "404": "不存在",
    "409": "同一 requestId 曾以不同内容提交", "413": "内容过大，请分批报送", "415": "内容类型不支持",
    "422": "内容不符合数据集", "429": "超过配额或频率，见 Retry-After", "503": "接口暂停",
}


def document(definitions, server="", title="临床试验机构标准开放接口"):
    """Return the document as a dict; ``definitions`` are the published versions, one a data set."""
    paths, schemas = {}, dict(SCHEMAS)
    for definition in definitions:
        name = schema_name(definition)
        schemas[name] = row_schema(definition, dialect=False)
        paths[f"{PREFIX}/datasets/{definition.code}/submissions"] = {"post": _submit(definition, name)}
    paths |= _common_paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": SIGNING},
        "jsonSchemaDialect": DIALECT,
        **({"servers": [{"url": server}]} if server else {}),
        "security": [{"appKey": [], "timestamp": [], "nonce": [], "sign": []}],
        "tags": [{"name": "报送"}, {"name": "查询"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name, "description": text}
                for name, (text, _schema) in HEADERS.items()},
        },
    }


def schema_name(definition):
    return "".join(part.capitalize() for part in definition.code.split("_"))


def _answer(text, schema):
    return {"description": text, "content": {"application/json": {"schema": {
        "type": "object", "required": ["code", "message", "data", "requestId"],
        "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "data": schema,
                       "requestId": {"type": "string"}}}}}}


def _answers(good, schema, *errors):
    failed = {"type": ["object", "null"]}
    return {"200": _answer(good, schema), **{code: _answer(ERRORS[code], failed) for code in (*errors, "503")}}


def _items(schema):
    return {"type": "object", "properties": {"items": {"type": "array", "items": schema}}}


def _parameter(name, text, where="query", required=False, **schema):
    return {"name": name, "in": where, "required": required, "description": text,
            "schema": {"type": "string", **schema}}


VERSION_PARAMETER = _parameter("version", "数据集版本；不填为现行版本", maxLength=20)
REQUEST_ID = _parameter("requestId", "报送方的请求编号，用于防止重复报送", required=True,
                        pattern="^[A-Za-z0-9._-]{8,64}$")


def _submit(definition, name):
    one = {"$ref": f"#/components/schemas/{name}"}
    binary = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
    return {
        "tags": ["报送"], "operationId": f"submit_{definition.code}", "summary": f"报送{definition.name}",
        "description": definition.description or definition.name,
        "parameters": [REQUEST_ID, VERSION_PARAMETER],
        "requestBody": {"required": True, "content": {
            "application/json": {
                "schema": {"oneOf": [one, {"type": "array", "items": one}]}, "example": sample.row(definition)},
            "application/x-ndjson": binary, "text/csv": binary,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": binary}},
        "responses": _answers(
            "已受理，附回执与校验结果", {"$ref": "#/components/schemas/Receipt"},
            "400", "401", "403", "404", "409", "413", "415", "422", "429"),
    }


def _common_paths():
    receipt = {"$ref": "#/components/schemas/Receipt"}
    number = _parameter("number", "回执编号", "path", True, maxLength=40)
    errors = ("400", "401", "403", "404", "429")
    return {
        f"{PREFIX}/datasets": {"get": {
            "tags": ["查询"], "operationId": "datasets", "summary": "可报送的数据集",
            "responses": _answers(
                "数据集清单", _items({"type": "object"}), "400", "401", "403", "429")}},
        f"{PREFIX}/datasets/{{code}}/schema": {"get": {
            "tags": ["查询"], "operationId": "schema", "summary": "数据集的 JSON Schema",
            "parameters": [_parameter("code", "数据集代码", "path", True, maxLength=63), VERSION_PARAMETER],
            "responses": _answers("JSON Schema", {"type": "object"}, *errors)}},
        f"{PREFIX}/submissions": {"get": {
            "tags": ["查询"], "operationId": "submissions", "summary": "本机构的报送记录",
            "parameters": [
                _parameter("dataset", "数据集代码", maxLength=63), _parameter("before", "上一页最后一个回执编号")],
            "responses": _answers("报送记录", _items(receipt), *errors)}},
        f"{PREFIX}/submissions/{{number}}": {"get": {
            "tags": ["查询"], "operationId": "submission", "summary": "回执", "parameters": [number],
            "responses": _answers("回执", receipt, *errors)}},
        f"{PREFIX}/submissions/{{number}}/findings": {"get": {
            "tags": ["查询"], "operationId": "findings", "summary": "逐行逐字段校验报告",
            "parameters": [number, {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
            "responses": _answers("问题清单", {"$ref": "#/components/schemas/Findings"}, *errors)}},
    }


SCHEMAS = {
    "Receipt": {"type": "object", "required": ["number", "dataset", "state"], "properties": {
        "number": {"type": "string", "title": "回执编号"}, "dataset": {"type": "string"},
        "version": {"type": "string"},
        "requestId": {"type": "string"},
        "state": {"type": "string", "enum": ["accepted", "partial", "refused"], "title": "结果"},
        "test": {"type": "boolean", "title": "测试数据"},
        "rows": {"type": "integer"}, "acceptedRows": {"type": "integer"}, "refusedRows": {"type": "integer"},
        "warnings": {"type": "integer"}, "score": {"type": "number", "title": "质量得分"},
        "digest": {"type": "string", "title": "内容的SM3"}, "receivedAt": {"type": "string"},
        "duplicate": {"type": "boolean"}, "outcome": {"type": "string", "title": "处理结果"},
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}},
    "Finding": {"type": "object", "properties": {
        "row": {"type": "integer", "title": "行号，从1起"}, "path": {"type": "string", "title": "字段"},
        "code": {"type": "string"}, "message": {"type": "string"}, "hint": {"type": "string", "title": "如何改正"},
        "value": {"type": "string"}, "rule": {"type": "string"},
        "level": {"type": "string", "enum": ["error", "warning"]}}},
    "Findings": {"type": "object", "properties": {
        "total": {"type": "integer"}, "items": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}},
}
