#: part of a sentence of Python's parser → ours
CSV_REASONS = {
    "expected after": "引号之后应为分隔符；内容如为 JSON，请用 Content-Type: application/json",
    "unexpected end": "引号没有闭合", "field larger": "单元格过长", "NUL": "含空字符", "new-line": "换行符有误",
}


class Unreadable(ValueError):
    """The content is not what it is said to be, or is too large. ``code`` for machines, the argument for people."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def csv_reason(text):
    """Return what the parser says in words of ours."""
    return next((words for part, words in CSV_REASONS.items() if part in text), "不是有效的 csv")
