"""Pieces of the OpenAPI document that do not depend on what is published: answers, queries, files, sandbox."""
import re

PREFIX = "/ctsp/open/v1"
REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
CODE_FORM = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
NUMBER_FORM = re.compile(r"[A-Z]{2}\d{4}-\d{8}", re.ASCII)
VERSION_FORM = re.compile(r"[A-Za-z0-9._-]{1,20}", re.ASCII)
UPLOAD_FORM = re.compile(r"[0-9a-f]{32}", re.ASCII)
TARGET_FORM = re.compile(rf"{PREFIX}(/[A-Za-z0-9._~%/-]+)(\?[!-~]*)?", re.ASCII)
DIGEST_FORM = re.compile(r"[0-9a-f]{64}", re.ASCII)
TYPES = {
    "application/json": "json", "application/x-ndjson": "ndjson", "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
DIGEST = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
PART_MIB = 8
"""length of every part of a file but the last"""
PARTS = 64
SAMPLES = 1000
ERRORS = {
    "400": "请求格式有误", "401": "密钥、签名、时间或随机串有误", "403": "来源地址或权限不符", "404": "不存在",
    "405": "此地址不支持该方法，见 Allow", "409": "与先前的请求冲突", "413": "内容过大，请分批或分片报送",
    "415": "内容类型不支持", "422": "内容不符合约定",
    "429": "超过配额或频率，或本机构另有请求正在处理；按 Retry-After 等待后原样重发",
    "503": "接口暂停，或正在处理其他系统的请求；按 Retry-After 等待后原样重发",
}
WAIT = {"Retry-After": {"description": "等待的秒数", "schema": {"type": "integer"}}}


def _text(title, example=None, **more):
    return {"type": "string", "title": title, **({"examples": [example]} if example else {}), **more}


def _count(title, example=None):
    return {"type": "integer", "title": title, **({} if example is None else {"examples": [example]})}


def answer(text, schema, code=0, message="OK"):
    return {"description": text, "content": {"application/json": {"schema": {
        "type": "object", "required": ["code", "message", "data", "requestId"],
        "properties": {
            "code": {"type": "integer", "title": "0 为成功，其余前三位是 HTTP 状态", "examples": [code]},
            "message": _text("说明", message), "data": schema,
            "requestId": _text("本次应答的编号", "0f3c9a5e7b2d4c618e9fa0b1c2d3e4f5")}}}}}


def answers(good, schema, *errors):
    """Return the answers of an operation; keys, headers and methods go wrong everywhere."""
    failed = {"type": ["object", "null"]}
    codes = sorted({*errors, "400", "401", "403", "404", "405", "429", "503"})
    return {"200": answer(good, schema), **{
        code: answer(ERRORS[code], failed, int(f"{code}01"), ERRORS[code])
        | ({"headers": WAIT} if code in ("429", "503") else {}) for code in codes}}


def items(schema):
    return {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": schema}}}


def parameter(name, text, where="query", required=False, **schema):
    return {"name": name, "in": where, "required": required, "description": text,
            "schema": {"type": "string", **schema}}


def fits(form):
    """Return the pattern of ``form`` as a schema."""
    return {"pattern": f"^{form.pattern}$"}


RECEIPT = {"$ref": "#/components/schemas/Receipt"}
UPLOAD_EXAMPLE = {
    "dataset": "recent_trials", "requestId": "upload-0001", "contentType": "application/json", "size": 2,
    "digest": "653559f7625310a8dcf0cb77c137643a67aedf3f247c66b1b06ff4a04f4c0a8b"}  # of []
UPLOAD = {"$ref": "#/components/schemas/Upload"}
CODE = parameter("code", "数据集代码", "path", True, **fits(CODE_FORM))
NUMBER = parameter("number", "回执编号", "path", True, **fits(NUMBER_FORM))
UPLOAD_ID = parameter("upload", "上传编号", "path", True, **fits(UPLOAD_FORM))
VERSION = parameter("version", "数据集版本；不填为现行版本", **fits(VERSION_FORM))
REQUEST_ID = parameter("requestId", "报送方的请求编号，用于防止重复报送", required=True, **fits(REQUEST_ID_FORM))


def _operation(tag, name, summary, good, schema, *errors, **more):
    return {"tags": [tag], "operationId": name, "summary": summary, "responses": answers(good, schema, *errors), **more}


def _whole(name, text, low, high):
    return {"name": name, "in": "query", "description": text,
            "schema": {"type": "integer", "minimum": low, "maximum": high}}


DATASETS = {"type": "object", "required": ["items", "quota"], "properties": {
    "items": {"type": "array", "items": {"type": "object", "properties": {
        "code": _text("数据集代码", "recent_trials"), "name": _text("名称", "近三年项目"),
        "version": _text("现行版本", "1.1"),
        "versions": {"type": "array", "title": "接受的版本", "items": {"type": "string"}},
        "digest": {"type": "string", "title": "现行版本定义的SM3", "examples": [DIGEST]},
        "mode": {"type": "string", "title": "逐行接收、整批接收", "enum": ["partial", "whole"]}}}},
    "quota": {"type": "object", "title": "密钥的配额", "properties": {
        "dailyRows": _count("24小时内的行数", 200_000),
        "minuteRequests": _count("每分钟请求数（报送，以及被拒绝的请求）", 120)}},
    "test": {"type": "boolean", "title": "测试密钥"}}}


def queries():
    """Paths by which an institution asks."""
    return {
        "/datasets": {"get": _operation(
            "查询", "datasets", "可报送的数据集", "数据集清单、接收方式与密钥的配额", DATASETS)},
        "/datasets/{code}/schema": {"get": _operation(
            "查询", "schema", "数据集的 JSON Schema", "JSON Schema", {"type": "object"}, parameters=[CODE, VERSION])},
        "/submissions": {"get": _operation(
            "查询", "submissions", "本机构的报送记录", "报送记录，由新到旧，每页50条", items(RECEIPT), parameters=[
                parameter("dataset", "数据集代码", **fits(CODE_FORM)),
                parameter("before", "上一页最后一个回执编号", **fits(NUMBER_FORM))])},
        "/submissions/{number}": {"get": _operation(
            "查询", "submission", "回执", "回执", RECEIPT, parameters=[NUMBER])},
        "/submissions/{number}/findings": {"get": _operation(
            "查询", "findings", "逐行逐字段校验报告", "问题清单，每页200个",
            {"$ref": "#/components/schemas/Findings"},
            parameters=[NUMBER, _whole("offset", "跳过的问题数，从0起", 0, 999_999_999)])},
    }


def files():
    """Paths of files that are sent in parts."""
    binary = {"required": True, "content": {"application/octet-stream": {"schema": {
        "type": "string", "contentMediaType": "application/octet-stream"}}}}
    number = {"name": "part", "in": "path", "required": True,
              "description": f"第几片，从1起；除最后一片外每片{PART_MIB} MiB",
              "schema": {"type": "integer", "minimum": 1, "maximum": PARTS}}
    return {
        "/uploads": {"post": _operation(
            "分片上传", "upload_begin", "开始分片上传", "上传编号与分片大小；同一 requestId 返回同一上传", UPLOAD,
            "409", "413", "415", "422",
            requestBody={"required": True, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/UploadRequest"}, "example": UPLOAD_EXAMPLE}}})},
        "/uploads/{upload}": {"get": _operation(
            "分片上传", "upload_state", "已收到的分片（断点续传）", "上传情况", UPLOAD, parameters=[UPLOAD_ID])},
        "/uploads/{upload}/parts/{part}": {"put": _operation(
            "分片上传", "upload_part", "上传一片", "上传情况", UPLOAD, "409", "413", "415", "422",
            parameters=[UPLOAD_ID, number], requestBody=binary)},
        "/uploads/{upload}/complete": {"post": _operation(
            "分片上传", "upload_complete", "合并、核对摘要并校验", "回执", RECEIPT, "409", "422",
            parameters=[UPLOAD_ID])},
    }


def sandbox():
    """Paths for developers: samples, replay, conformance."""
    return {
        "/datasets/{code}/samples": {"get": _operation(
            "沙箱", "samples", "生成示例数据", "示例数据与每处错误的说明", {"$ref": "#/components/schemas/Samples"},
            parameters=[CODE, VERSION, _whole("rows", "行数，省略为3", 1, SAMPLES),
                        _whole("faults", "末尾带错误的行数，多于 rows 的按 rows 计", 0, SAMPLES),
                        _whole("seed", "从第几种错误起（0为第一种），每行一种依次循环", 0, 9999)])},
        "/submissions/{number}/replay": {"post": _operation(
            "沙箱", "replay", "用现行版本重新校验一次测试报送", "新的回执", RECEIPT, "409", "422",
            parameters=[NUMBER, REQUEST_ID])},
        "/conformance": {"get": _operation(
            "沙箱", "conformance", "对接测试情况", "每个数据集通过了哪些检查",
            items({"$ref": "#/components/schemas/Conformance"}))},
    }


def methods(path):
    """Return the methods that the interface has at ``path`` (without the prefix), empty where there is none."""
    paths = queries() | files() | sandbox() | {"/datasets/{code}/submissions": {"post": None}}
    for template, operations in paths.items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return sorted(method.upper() for method in operations)
    return []


SCHEMAS = {
    "Receipt": {"type": "object", "required": ["number", "dataset", "state", "applied"], "properties": {
        "number": _text("回执编号", "HZ2026-00000001"), "dataset": _text("数据集代码", "recent_trials"),
        "version": _text("数据集版本", "1.1"),
        "requestId": _text("报送方的请求编号", "demo-0001"),
        "channel": _text("来自接口程序，或由本机构人员在平台网页报送", enum=["interface", "desk"]),
        "state": _text("校验结果：全部接收、部分接收、全部退回", "partial", enum=["accepted", "partial", "refused"]),
        "applied": _text("登记库：无须更新、等待更新（稍后查询回执）、已更新、更新失败", "done",
                         enum=["none", "queued", "done", "failed"]),
        "test": {"type": "boolean", "title": "测试数据"},
        "rows": _count("行数", 3), "acceptedRows": _count("接收行数", 2), "refusedRows": _count("退回行数", 1),
        "warnings": _count("提醒数", 0), "score": {"type": "number", "title": "质量得分", "examples": [66.7]},
        "digest": _text("内容的SM3", DIGEST), "receivedAt": _text("接收时间（UTC）", "2026-11-02T01:30:00Z"),
        "duplicate": {"type": "boolean", "title": "重复提交"},
        "outcome": _text("处理结果", "登记库已更新：新增2项，更新0项，0项与登记一致"),
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}},
    "Finding": {"type": "object", "properties": {
        "row": _count("行号，从1起", 3), "path": _text("字段", "end_date"), "code": _text("问题种类", "rule"),
        "message": _text("问题", "结束日期早于启动日期"),
        "hint": _text("如何改正", "请核对两个日期"), "value": _text("报送值", "2025-01-01"),
        "rule": _text("规则代码", "dates"),
        "level": _text("错误（已退回）、提醒", enum=["error", "warning"])}},
    "Findings": {"type": "object", "required": ["total", "items"], "properties": {
        "total": _count("问题总数", 1), "items": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}},
    "UploadRequest": {
        "type": "object", "required": ["dataset", "requestId", "contentType", "size", "digest"],
        "additionalProperties": False, "properties": {
            "dataset": _text("数据集代码", **fits(CODE_FORM)), "version": _text("数据集版本", **fits(VERSION_FORM)),
            "requestId": _text("请求编号", **fits(REQUEST_ID_FORM)),
            "contentType": _text("内容类型", enum=sorted(TYPES)),
            "size": {"type": "integer", "title": "总长度（字节）", "minimum": 1, "maximum": PARTS * PART_MIB << 20},
            "digest": _text("全部内容的SM3，小写十六进制", **fits(DIGEST_FORM))}},
    "Upload": {"type": "object", "required": ["upload", "partSize", "parts", "received"], "properties": {
        "upload": _text("上传编号", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d"),
        "partSize": _count("每片长度（字节）", PART_MIB << 20), "parts": _count("片数", 3),
        "received": {"type": "array", "title": "已收到的片", "items": {"type": "integer"}, "examples": [[1, 3]]},
        "missing": {"type": "array", "title": "尚缺的片", "items": {"type": "integer"}, "examples": [[2]]},
        "expiresAt": _text("过期时间（UTC）", "2026-11-03T01:30:00Z")}},
    "Samples": {"type": "object", "required": ["rows", "expected"], "properties": {
        "rows": {"type": "array", "items": {"type": "object"}},
        "expected": {"type": "array", "title": "至少应当报告的问题", "items": {"type": "object", "properties": {
            "row": _count("行号", 3), "path": _text("字段", "phase"), "code": _text("问题种类", "code")}}}}},
    "Conformance": {"type": "object", "required": ["dataset", "state", "checks"], "properties": {
        "dataset": _text("数据集代码"), "version": _text("检查所针对的版本（现行版本，或字段与规则相同的版本）"),
        "signedVersions": {"type": "array", "title": "已确认的版本", "items": {"type": "string"}},
        "state": _text("进度：测试中、全部通过待申请、待确认、已确认",
                       enum=["testing", "ready", "requested", "signed"]),
        "requestedAt": {"type": ["string", "null"], "title": "申请确认的时间"},
        "signedAt": {"type": ["string", "null"], "title": "确认的时间"},
        "returned": {"type": ["string", "null"], "title": "退回原因"},
        "checks": {"type": "array", "items": {"type": "object", "properties": {
            "code": _text("检查", "accepted"), "name": _text("名称", "报送合格数据"), "hint": _text("要求"),
            "passed": {"type": "boolean", "title": "已通过"},
            "rows": _count("一次报送的行数，仅 bulk 有", 20)}}}}},
}
