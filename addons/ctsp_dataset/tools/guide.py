"""The guide to the open interfaces as one document: docs/open-api.md as it stands, then every data set field by field.

One text for readers of the repository and of the paper: neither can tell what the other does not.
"""
from pathlib import Path

from markupsafe import Markup

from . import markdown, openapi, openapi_parts, paper

TITLE = "标准开放接口接入指南"
TEXT = Path(__file__).parent.parent / "data" / "open-api.md"
HEADERS = ("方法", "地址", "用途")


def pdf(definitions):
    """Return the guide to ``definitions`` as PDF."""
    return paper.pdf(definitions, TITLE, intro(definitions))


def intro(definitions):
    """Return the chapters before the data sets, as ``Markup``."""
    chapters = [
        markdown.html(TEXT.read_text(encoding="utf-8").partition("\n")[2]),
        Markup("<h2>八、接口</h2>"), markdown.table(HEADERS, _calls(definitions)),
        Markup("<h2>九、数据集</h2><p>以下各节由现行版本自动生成。</p>"),
    ]
    return Markup("").join(chapters)


def _calls(definitions):
    for path, operations in openapi.document(definitions[:1])["paths"].items():
        for method, operation in operations.items():
            shown = path.replace(f"/{definitions[0].code}/", "/{code}/") if definitions else path
            summary = "报送一个数据集" if operation["operationId"].startswith("submit_") else operation["summary"]
            yield method.upper(), shown.removeprefix(openapi_parts.PREFIX), summary
