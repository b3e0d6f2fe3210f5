"""JSON (one or many) and NDJSON as rows: a window over the stream, never more than one row in memory."""
import codecs
import io
import json

from .findings import finding
from .unreadable import Unreadable

CHUNK = 1 << 16
ROW_LIMIT = 1 << 20
DEPTH_LIMIT = 8
DIGITS = 40
SPACE = " \t\r\n"


def _pairs(pairs):
    """A key given twice is a mistake that would go unseen."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("同一对象中有重复的字段")
    return found


def _no_constant(name):
    raise ValueError(f"不允许的数值：{name}")


def _int(text):
    if len(text) > DIGITS:
        raise ValueError("数字过长")
    return int(text)


DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant, parse_int=_int)


def parse(text):
    """Return the value of one JSON text; ``ValueError`` with a sentence otherwise."""
    try:
        return _shallow(DECODER.decode(text))
    except RecursionError:
        raise ValueError("嵌套过深") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"第{error.pos + 1}个字符处有语法错误") from None


def _shallow(value, depth=0):
    if depth > DEPTH_LIMIT:
        raise ValueError("嵌套过深")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if type(item) in (dict, list):
            _shallow(item, depth + 1)
    return value


def json_rows(stream):
    """Yield the rows of a JSON array, or the one of an object, without holding more than one row."""
    text = _Text(stream)
    first = text.skip()
    if first == "{":
        yield _element(text)
        if text.skip():
            raise Unreadable("syntax", "JSON 对象之后还有内容；多行请用数组或 NDJSON")
        return
    if first != "[":
        raise Unreadable("syntax", "内容应为 JSON 对象或数组")
    text.drop()
    if text.skip() == "]":
        text.drop()
    else:
        while True:
            yield _element(text)
            sign = text.skip()
            text.drop()
            if sign == "]":
                break
            if sign != ",":
                raise Unreadable("syntax", "JSON 数组不完整：缺少“,”或“]”")
            text.skip()
    if text.skip():
        raise Unreadable("syntax", "JSON 数组之后还有内容")


def _element(text):
    """Return the next value; a broken one makes the rest of an array unreadable."""
    while True:
        try:
            value, end = DECODER.raw_decode(text.buffer)
        except RecursionError:
            raise Unreadable("depth", "JSON 嵌套过深") from None
        except json.JSONDecodeError as error:
            if text.more():
                continue
            raise Unreadable("syntax", f"JSON 有语法错误（约第{text.offset + error.pos + 1}个字符处）") from None
        except ValueError as error:
            raise Unreadable("syntax", f"JSON 有误：{error}") from None
        if end == len(text.buffer) and text.more():  # a number could go on
            continue
        text.drop(end)
        try:
            _shallow(value)
        except (ValueError, RecursionError):
            raise Unreadable("depth", "JSON 嵌套过深") from None
        return value


class _Text:
    """A window over a UTF-8 stream."""

    def __init__(self, stream):
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended = False
        self.buffer = ""
        self.offset = 0

    def more(self):
        """Read on; False at the end."""
        if self._ended:
            return False
        if len(self.buffer) > ROW_LIMIT:
            raise Unreadable("row_size", f"一行超过{ROW_LIMIT >> 20} MiB")
        # a long value is looked at again with each piece: pieces grow with it
        data = self._stream.read(max(CHUNK, len(self.buffer)))
        try:
            self.buffer += self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise Unreadable("encoding", "内容不是 UTF-8 编码") from None
        self._ended = not data
        return not self._ended

    def drop(self, count=1):
        self.buffer = self.buffer[count:]
        self.offset += count

    def skip(self):
        """Step over blanks; return the next character, "" at the end."""
        while True:
            rest = self.buffer.lstrip(SPACE)
            self.offset += len(self.buffer) - len(rest)
            self.buffer = rest
            if rest:
                return rest[0]
            if not self.more() and not self.buffer:
                return ""


def ndjson_rows(stream):
    """Yield one row for each line that is not empty; a broken line is a finding and the next one goes on."""
    number = 0
    reader = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
    while line := reader.readline(ROW_LIMIT + 1):
        if len(line) > ROW_LIMIT:
            raise Unreadable("row_size", f"第{number + 1}行超过{ROW_LIMIT >> 20} MiB")
        if not line.strip():
            continue
        number += 1
        try:
            yield parse(line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip())
        except UnicodeDecodeError:
            yield finding(number, "", "syntax", {"reason": "不是 UTF-8 编码"})
        except ValueError as error:
            yield finding(number, "", "syntax", {"reason": error})
