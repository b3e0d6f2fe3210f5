"""The report of a submission as a file: gzip of one finding a line. What is found later is put behind it."""
import gzip
import io
import json
from itertools import islice


def findings_in(content, offset=0, count=None):
    """Yield the findings ``offset`` … of a report file as dicts."""
    with _lines(content) as lines:
        for line in islice(lines, offset, None if count is None else offset + count):
            yield json.loads(line)


def with_more(content, findings):
    """Return the file with more findings at its end; what is there is left packed as it is."""
    return content + _packed(json.dumps(item.as_dict(), ensure_ascii=False) + "\n" for item in findings)


def without(content, code):
    """Return the file without the findings of ``code``, and how many these were."""
    dropped = 0

    def others():
        nonlocal dropped
        with _lines(content) as lines:
            for line in lines:
                if json.loads(line)["code"] == code:
                    dropped += 1
                else:
                    yield line

    return _packed(others()), dropped


def _lines(content):
    return gzip.open(io.BytesIO(content), "rt", encoding="utf-8")


def _packed(lines):
    packed = io.BytesIO()
    with gzip.open(packed, "wt", 5, "utf-8") as file:
        file.writelines(lines)
    return packed.getvalue()
