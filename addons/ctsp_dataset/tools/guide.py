"""The guide to the open interfaces as one document: how to call them, then every data set field by field.

Calls, errors and checks are taken from what the interface itself is made of, so that the paper says what it does.
"""
from markupsafe import Markup

from odoo.addons.ctsp_exchange.tools import reply

from . import openapi, openapi_parts, paper

TITLE = "标准开放接口接入指南"
STEPS = (
    "向监管机构申请测试密钥（密钥标识 appKey 与密钥），说明要报送的数据集和来源地址。",
    "按本指南实现签名和报送；示例数据用“生成示例数据”接口取得，可要求其中若干行带错误。",
    "对每个数据集通过全部对接检查（第三节），在平台“接口对接测试”中申请确认。",
    "数据标准管理员确认后，申请正式密钥。测试密钥报送的数据只校验、单独留存，不进入登记库。",
)
HEADERS = ("方法", "地址", "用途")
SHARED = ("not_json", "header_missing", "form", "key_unknown", "signature", "stale", "replayed", "address", "scope",
          "not_found", "method", "conflict", "too_large", "media_type", "invalid", "too_many", "internal", "paused",
          "unavailable")


def pdf(definitions):
    """Return the guide to ``definitions`` as PDF."""
    return paper.pdf(definitions, TITLE, intro(definitions))


def intro(definitions):
    """Return the chapters before the data sets, as ``Markup``."""
    from ..models.dataset_conformance import CHECKS
    chapters = [
        _chapter("一、步骤", _list(STEPS)),
        _chapter("二、签名", Markup("<pre>%s</pre>") % _plain(openapi.SIGNING)),
        _chapter("三、对接检查", _table(("检查", "要求"), CHECKS.values())),
        _chapter("四、接口", _table(HEADERS, _calls(definitions))),
        _chapter("五、错误", _table(("HTTP", "code", "含义"), (
            (str(reply.CODES[name][0] // 100), str(reply.CODES[name][0]), reply.CODES[name][1]) for name in SHARED))),
        _chapter("六、数据集", Markup("<p>以下各节由现行版本自动生成。</p>")),
    ]
    return Markup("").join(chapters)


def _calls(definitions):
    for path, operations in openapi.document(definitions[:1])["paths"].items():
        for method, operation in operations.items():
            shown = path.replace(f"/{definitions[0].code}/", "/{code}/") if definitions else path
            summary = "报送一个数据集" if operation["operationId"].startswith("submit_") else operation["summary"]
            yield method.upper(), shown.removeprefix(openapi_parts.PREFIX), summary


def _plain(text):
    return text.replace("**", "").replace("```\n", "").replace("`", "")


def _chapter(title, content):
    return Markup("<h2>%s</h2>%s") % (title, content)


def _list(lines):
    return Markup("<ol>%s</ol>") % Markup("").join(Markup("<li>%s</li>") % line for line in lines)


def _table(headers, rows):
    return Markup("<table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>") % (
        Markup("").join(Markup("<th>%s</th>") % header for header in headers),
        Markup("").join(Markup("<tr>%s</tr>") % Markup("").join(
            Markup("<td>%s</td>") % cell for cell in row) for row in rows))
