"""The OpenAPI 3.1 document of the open interfaces, from the published definitions."""
from . import openapi_parts as parts
from . import sample
from .json_schema import DIALECT, row_schema
from .openapi_parts import PREFIX, REQUEST_ID, answers

DOCUMENT_VERSION = "1.2"
HEADERS = {
    "appKey": ("密钥标识，由监管机构发放", {"type": "string", "maxLength": 64}),
    "timestamp": ("请求时间，1970年以来的毫秒数；与服务器相差不超过5分钟", {"type": "string", "pattern": r"^\d{13}$"}),
    "nonce": ("随机串，16至128位，只用一次", {"type": "string", "pattern": "^[A-Za-z0-9._~-]{16,128}$"}),
    "sign": ("签名，见“签名方法”", {"type": "string", "maxLength": 1024}),
}
SIGNING = """机构按已发布的标准数据集报送数据，系统逐行逐字段校验，返回回执与校验报告。

**签名方法**

```
待签文本 = 方法 + "\\n" + 路径（含查询串） + "\\n" + timestamp + "\\n" + nonce + "\\n" + SM3(请求体) 的小写十六进制
sign     = HMAC-SM3(密钥, 待签文本) 的小写十六进制   或   SM2（SM3摘要）签名的 base64，依密钥种类
```

各部分之间只有一个换行符，没有空格；按 UTF-8 取字节。
签名不正确（`code` 为 40102）时，应答的 `data.signed` 是平台按收到的请求得出的待签文本，供逐字核对。

同一 `requestId` 重复提交返回第一次的回执，不重复入库。测试密钥报送的数据只校验、单独留存。

回执中 `applied` 为 `queued` 的，数据已接收并校验，登记库随后更新：稍后查询回执，或等待回调。
429、503 的请求未被受理，按 `Retry-After` 等待后原样重发。
"""


def document(definitions, server="", title="临床试验机构标准开放接口", older=()):
    """Return the document as a dict; ``definitions`` are the versions in force, one a data set.

    :param older: definitions of the other versions that are accepted
    """
    paths, schemas = {}, dict(parts.SCHEMAS)
    for definition in definitions:
        accepted = {schema_name(definition): definition}
        accepted |= {f"{schema_name(one)}_{one.version}": one for one in older
                     if one.code == definition.code and parts.VERSION_FORM.fullmatch(one.version)}
        schemas |= {name: row_schema(one, dialect=False) for name, one in accepted.items()}
        paths[f"{PREFIX}/datasets/{definition.code}/submissions"] = {"post": _submit(definition, accepted)}
    common = parts.queries() | parts.files() | parts.sandbox()
    paths |= {f"{PREFIX}{path}": operations for path, operations in common.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": DOCUMENT_VERSION, "description": SIGNING},
        "jsonSchemaDialect": DIALECT,
        **({"servers": [{"url": server}]} if server else {}),
        "security": [{"appKey": [], "timestamp": [], "nonce": [], "sign": []}],
        "tags": [{"name": "报送"}, {"name": "查询"}, {"name": "分片上传"}, {"name": "沙箱"}],
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


def _submit(definition, accepted):
    """Return the operation; ``accepted``: name of the schema → version, the one in force first."""
    ways = [{"$ref": f"#/components/schemas/{name}"} for name in accepted]
    one = ways[0] if len(ways) == 1 else {"anyOf": ways}
    binary = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
    return {
        "tags": ["报送"], "operationId": f"submit_{definition.code}", "summary": f"报送{definition.name}",
        "description": definition.description or definition.name,
        "parameters": [REQUEST_ID, _version(definition, accepted)],
        "requestBody": {"required": True, "content": {
            "application/json": {
                "schema": {"oneOf": [one, {"type": "array", "items": one}]}, "example": sample.row(definition)},
            **{kind: binary for kind in parts.TYPES if kind != "application/json"}}},
        "responses": answers(
            "已受理，附回执与校验结果", parts.RECEIPT, "409", "413", "415", "422"),
    }


def _version(definition, accepted):
    """Return the parameter: which versions are accepted, and where the schema of each is."""
    numbers = [one.version for one in accepted.values()]
    places = "；".join(
        f"{one.version}：components/schemas/{name}，{PREFIX}/datasets/{definition.code}/schema?version={one.version}"
        for name, one in accepted.items())
    return parts.parameter("version", f"数据集版本，不填为现行版本 {definition.version}。可用版本的 JSON Schema："
                           f"{places}", enum=numbers, default=definition.version)
