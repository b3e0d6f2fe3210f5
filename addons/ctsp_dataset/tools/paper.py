"""The definition as a document: Word (docx) and PDF, from the same wording."""
import io
from functools import lru_cache

from markupsafe import Markup, escape

from . import wording

STYLE = Markup("""
@page { size: A4 landscape; margin: 16mm 12mm; @bottom-center { content: counter(page) " / " counter(pages); } }
body { font-family: "Noto Sans CJK SC", sans-serif; font-size: 8pt; }
h1 { font-size: 16pt; text-align: center; } h2 { font-size: 11pt; margin-top: 6mm; }
table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; }
th, td { border: 0.4pt solid #888; padding: 1mm; vertical-align: top; text-align: left; overflow-wrap: anywhere; }
td.short { overflow-wrap: normal; white-space: nowrap; }
th { background: #1f4e79; color: #fff; } tr { break-inside: avoid; }
pre { font-size: 7.5pt; white-space: pre-wrap; border: 0.4pt solid #ccc; padding: 2mm; }
""")
#: columns whose texts are short and stay on one line
SHORT = {"序号", "字段代码", "类型", "长度", "必填", "规则代码"}
#: columns that are left out on paper when no field fills them
OPTIONAL = {"单位", "取值范围", "代码表", "格式", "来源标准", "个人信息", "表达式", "字段", "对照字段"}


def tables(definition):
    """Return ``[(title, headers, rows)]`` without columns that are empty throughout."""
    found = []
    for title, columns, rows in (
            ("字段", wording.FIELD_COLUMNS, wording.field_rows(definition)),
            ("规则", wording.RULE_COLUMNS, wording.rule_rows(definition))):
        headers = [header for header, _width in columns]
        if "取值范围" in headers:  # on paper it is read, not imported again
            span = headers.index("取值范围")
            rows = [[*row[:span], row[span].replace("today", "今天"), *row[span + 1:]] for row in rows]
        kept = [place for place, header in enumerate(headers)
                if header not in OPTIONAL or any(row[place] for row in rows)]
        if rows:
            found.append((title, [headers[place] for place in kept], [[row[place] for place in kept] for row in rows]))
    return found


def html(definitions, title="", intro=""):
    """Return a HTML document of one or several definitions; ``intro`` is ``Markup`` or text."""
    parts = [Markup("<h1>%s</h1>") % (title or definitions[0].name), escape(intro)]
    for definition in definitions:
        if title:
            parts.append(Markup("<h2>%s</h2>") % f"{definition.name}（{definition.code}，{definition.version}）")
        head = Markup("").join(
            Markup("<tr><th>%s</th><td>%s</td></tr>") % pair for pair in wording.head_rows(definition))
        parts.append(Markup("<table>%s</table>") % head)
        parts += [_html_table(*table) for table in tables(definition)]
    return Markup('<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>%s</title><style>%s</style>'
                  "</head><body>%s</body></html>") % (
        title or definitions[0].name, STYLE, Markup("\n").join(parts))


def _html_table(title, headers, rows):
    head = Markup("").join(Markup("<th>%s</th>") % header for header in headers)
    kinds = ["short" if header in SHORT else "" for header in headers]
    body = Markup("").join(
        Markup("<tr>%s</tr>") % Markup("").join(
            Markup('<td class="%s">%s</td>') % (kind, text) for kind, text in zip(kinds, row)) for row in rows)
    return Markup("<h2>%s</h2><table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>") % (title, head, body)


def pdf(definitions, title="", intro=""):
    """Return the PDF; nothing is fetched."""
    return _printed(str(html(definitions, title, intro)))


@lru_cache(maxsize=4)
def _printed(text):
    """Lay a page out, once: the guide takes seconds of a processor, and changes only when a version is published."""
    from weasyprint import HTML  # slow to import

    from odoo.addons.ctsp_base.tools.pdf import OwnAssetsFetcher
    fetcher = OwnAssetsFetcher("http://localhost", lambda path: None)
    return HTML(string=text, base_url="http://localhost", url_fetcher=fetcher).write_pdf()


def docx(definition):
    """Return the Word document."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Pt
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(8), "Times New Roman"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.title = definition.name
    document.core_properties.author = "CTSP"
    document.add_heading(definition.name, 0)
    _docx_table(document, None, [list(pair) for pair in wording.head_rows(definition)])
    for title, headers, rows in tables(definition):
        document.add_heading(title, 1)
        _docx_table(document, headers, rows)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _docx_table(document, headers, rows):
    lines = [headers, *rows] if headers else rows
    table = document.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    for line, cells in zip(lines, table.rows):
        for text, cell in zip(line, cells.cells):
            cell.text = text or ""
