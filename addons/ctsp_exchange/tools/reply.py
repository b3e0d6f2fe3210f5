"""The envelope of every answer, and the one exception for a “no” of an interface. Pure.

Texts are written in Chinese: they are read by the developers of the other systems, whatever language
an account here has.
"""

CODES = {
    "not_json": (40001, "请求内容不是有效的 JSON（UTF-8）"),
    "header_missing": (40002, "签名请求头缺失或格式不正确"),
    "form": (40003, "bizId、version、data 缺失或类型不正确"),
    "key_unknown": (40101, "密钥不存在或已停用"),
    "signature": (40102, "签名不正确"),
    "stale": (40103, "时间戳超出允许范围，请校准时钟后重新签名"),
    "replayed": (40104, "随机数已使用过，请更换后重新签名"),
    "address": (40301, "来源地址不在允许范围内"),
    "scope": (40302, "该密钥无权调用此接口"),
    "not_found": (40401, "系统、报文类型、版本或报文不存在"),
    "method": (40501, "此地址不支持该请求方法"),
    "conflict": (40901, "相同业务编号和版本的报文已存在且内容不同，请提高版本号"),
    "too_large": (41301, "请求内容超过允许的长度"),
    "media_type": (41501, "不支持的内容类型或字符集"),
    "invalid": (42201, "数据不符合接口规范"),
    "too_many": (42901, "请求过于频繁或超出配额"),
    "internal": (50001, "系统内部错误，请稍后重试"),
    "paused": (50301, "接口已暂停，请稍后重试"),
    "unavailable": (50302, "服务暂时不可用，请稍后重试"),
    "busy": (50303, "正在处理其他系统的请求，请按 Retry-After 等待后原样重发"),
}
OK = 0


class Refused(Exception):
    """An interface says no: ``name`` is a key of :data:`CODES`, ``data`` goes into the answer.

    Never put into ``message`` what the caller may not know (another submitter's data, our internals).
    """

    known = None
    """who was refused, where his signature held (:class:`~.refusing.Known`)"""

    def __init__(self, name: str, message: str | None = None, **data):
        self.name, self.data = name, data
        self.code, text = CODES[name]
        self.message = message or text
        super().__init__(self.message)

    @property
    def status(self) -> int:
        """The HTTP status: the first three digits of the code."""
        return self.code // 100

    def body(self, request_id: str) -> dict:
        return body(self.code, self.message, self.data, request_id)


def body(code: int, message: str, data: dict | None, request_id: str) -> dict:
    """Return the envelope of an answer. ``code`` 0 stands for success."""
    return {"code": code, "message": message, "data": data or {}, "requestId": request_id}
