"""The blocks a document template may call, each a function that gives HTML. Their help is shown beside the editor.

A block escapes what it is given. Text is Chinese: these are words on the paper, not of the screen.
"""
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from . import sheet
from .signature_blocks import SignatureBlocks

YES, NO = "√", "□"
"""a tick in a drawn box: the sign U+2611 is in no Chinese font, and a paper must not lean on another one"""
DRAFT, VOID, SAMPLE = "草稿", "作废", "样张"
NOTHING = "—"
SAMPLE_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80">'
    b'<rect width="120" height="80" fill="#ddd"/></svg>',
    "image/svg+xml")


@dataclass
class Paper:
    """The facts of one paper that blocks show without being told."""

    title: str
    number: str = ""
    organisation: str = ""
    paper: str = "a4"
    date: str = ""
    signatures: list = field(default_factory=list)
    """rows ``{"role", "label", "name", "image", "date", "refused", "reason", "witness", "objection"}``"""
    certified: list = field(default_factory=list)
    """``(label, text)`` of the electronic signature"""


class Blocks(SignatureBlocks):
    """Blocks for one rendering; ``furniture`` collects what they put around the text."""

    def __init__(self, paper):
        self._paper = paper
        self._left = list(paper.certified)
        self.furniture = sheet.Furniture(header_left=paper.organisation, header_right=paper.number)

    def functions(self):
        """Return name → function, as the template language wants them."""
        return {name: getattr(self, name) for name in NAMES}

    # ---- heads ----------------------------------------------------------------------------------------------------

    def title(self, text=None, subtitle=""):
        """文书标题，居中加粗；不写则用文书名称。例：{{ title() }}"""
        below = Markup('<div class="subtitle">{}</div>').format(subtitle) if subtitle else Markup("")
        return Markup("<h1>{}</h1>{}").format(text or self._paper.title, below)

    def letterhead(self, text=None):
        """红头：发文机关名称、文号和红线；首页不再显示页眉。例：{{ letterhead() }}"""
        name = text or self._paper.organisation
        self.furniture.first_header = False
        return Markup('<div class="letterhead{}">{}</div><div class="number middle">{}</div><div class="redline"></div>'
                      ).format(" long" if len(name) > 16 else "", name, self._paper.number)

    def authority(self, text=None):
        """机关名称，居中，写在标题之前。例：{{ authority() }}"""
        return Markup('<div class="authority">{}</div>').format(text or self._paper.organisation)

    def number(self, text=None):
        """文书编号，居右；首页不再重复显示页眉。例：{{ number() }}"""
        self.furniture.first_header = False
        return Markup('<div class="number">编号：{}</div>').format(text or self._paper.number)

    def heading(self, text):
        """节标题，进入 PDF 书签。例：{{ heading("一、检查依据") }}"""
        return Markup("<h2>{}</h2>").format(text)

    # ---- text -----------------------------------------------------------------------------------------------------

    def para(self, text, indent=True):
        """正文段落：首行缩进两字，换行即另起一段。例：{{ para(summary) }}"""
        css = "text" if indent else ""
        return Markup("").join(
            Markup('<p class="{}">{}</p>').format(css, line) for line in str(text or "").splitlines() if line.strip())

    def check(self, flag, label=""):
        """勾选框：成立则打√，否则为 □。例：{{ check(passed, "符合") }}"""
        return Markup('<span class="choice"><span class="mark {}">{}</span>{}</span>').format(
            "on" if flag else "", YES if flag else NO, label)

    def choice(self, value, options):
        """一组勾选框。例：{{ choice(conclusion, [("pass", "符合要求"), ("fail", "不符合要求")]) }}"""
        return Markup("").join(self.check(value == code, label) for code, label in options)

    def dialogue(self, rows):
        """问答：各行含 question、answer。例：{{ dialogue(questions) }}"""
        return Markup("").join(
            Markup('<p class="dialogue">问：{}</p><p class="dialogue">答：{}</p>').format(
                row.get("question") or "", sheet.text(row.get("answer")) or Markup("　"))
            for row in rows or [])

    # ---- tables ---------------------------------------------------------------------------------------------------

    def facts(self, rows, columns=1):
        """信息表：名称与内容成对，columns 为每行几对；空的填“—”。

        例：{{ facts([("被检查单位", institution)], columns=2) }}"""
        if self._paper.paper != "a4":
            columns = 1
        cells, lines, rows = [], [], list(rows)
        for index, (label, value) in enumerate(rows):
            if columns > 1 and index == len(rows) - 1 and not cells:
                lines.append(Markup('<tr><th>{}</th><td colspan="{}">{}</td></tr>').format(
                    label, 2 * columns - 1, self._cell(value)))
                break
            cells.append(Markup("<th>{}</th><td>{}</td>").format(label, self._cell(value)))
            if len(cells) == columns:
                lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
                cells = []
        if cells:
            lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
        return Markup('<table class="facts">{}</table>').format(Markup("").join(lines))

    def grid(self, rows, columns, empty="无", height=0):
        """明细表，表头每页重复；列为 (表头, 字段, 宽度, 居中)，宽度、行高以毫米计。

        空的填“—”，写明行高的留空手填。

        例：{{ grid(lines, [("序号", "no", 12, true)]) }}"""
        if self._paper.paper != "a4":
            return self._stacked(rows, columns, empty)
        head = Markup("").join(
            Markup('<th class="mid">{}</th>').format(column[0]) for column in columns)
        widths = Markup("").join(Markup("<col{}>").format(self._width(column)) for column in columns)
        tall = Markup(' style="height:{}mm"').format(float(height)) if height else ""
        body = Markup("").join(
            Markup("<tr{}>{}</tr>").format(tall, Markup("").join(
                Markup('<td class="{}">{}</td>').format("mid" if len(column) > 3 and column[3] else "",
                                                        self._cell(row.get(column[1]), bool(height)))
                for column in columns)) for row in rows or [])
        if not rows:
            body = Markup('<tr class="none"><td colspan="{}">{}</td></tr>').format(len(columns), empty)
        return Markup(
            '<table class="grid"><colgroup>{}</colgroup><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        ).format(widths, head, body)

    @staticmethod
    def _cell(value, empty=False):
        """Return a cell's text; nothing is left blank where something could be written in afterwards."""
        return sheet.text(value) or ("" if empty else NOTHING)

    def _stacked(self, rows, columns, empty):
        """Return a table for a roll: one row below the other."""
        if not rows:
            return Markup("<p>{}</p>").format(empty)
        return Markup("").join(
            Markup('<table class="facts">{}</table>').format(Markup("").join(
                Markup("<tr><th>{}</th><td>{}</td></tr>").format(column[0], sheet.text(row.get(column[1])))
                for column in columns)) for row in rows)

    @staticmethod
    def _width(column):
        return Markup(' style="width:{}mm"').format(float(column[2])) if len(column) > 2 and column[2] else ""

    def box(self, label, text, height=30):
        """填写框：height 为最小高度（mm），余下空白自动划线。例：{{ box("检查情况", situation, height=60) }}"""
        body = self.para(text) or Markup("")
        self.furniture.blanks += 1
        self.furniture.heights.append(float(height))
        at = self.furniture.blanks
        return Markup(
            '<div class="box" id="{}{}"><div class="inside"><div class="label">{}</div>{}</div>'
            '<div class="blank" id="{}{}"></div></div>').format(sheet.BOX, at, label, body, sheet.BLANK, at)

    def _certified(self):
        """Return the block of the electronic signature, once; empty where there is none."""
        lines, self._left = self._left, []
        rows = Markup("").join(Markup("<tr><th>{}</th><td>{}</td></tr>").format(*line) for line in lines)
        return Markup(
            '<div class="certified"><div class="head">电子签名</div><table>{}</table><div class="foot">'
            "SM2 数字签名，随电子文件保存；请以电子文件在平台“PDF 验签”中核验，打印件仅供阅读。</div></div>"
        ).format(rows) if lines else Markup("")

    def _finished(self, body):
        """Return the body with the electronic signature at its end, where the template left no other place for it."""
        return body + self._certified()

    # ---- blanks, pages --------------------------------------------------------------------------------------------

    def rest(self):
        """“以下空白”：本页余下空白自动划线，放在正文末尾。例：{{ rest() }}"""
        self.furniture.has_rest = self._paper.paper == "a4"
        return self._certified() + Markup('<div class="rest" id="{}"><div class="words">（以下空白）</div>'
                      '<div class="line blank" id="{}rest"></div></div>').format(sheet.REST, sheet.BLANK)

    def page_break(self):
        """另起一页。例：{{ page_break() }}"""
        return Markup('<div class="page-break"></div>')

    def landscape(self):
        """横向打印，写在最前。例：{{ landscape() }}"""
        self.furniture.landscape = self._paper.paper == "a4"
        return Markup("")

    # ---- pictures -------------------------------------------------------------------------------------------------

    def photos(self, rows):
        """照片：各行含 image、caption，每行两张。例：{{ photos(pictures) }}"""
        return Markup('<div class="photos">{}</div>').format(Markup("").join(
            Markup('<div class="photo"><img src="{}{}"><div>{}</div></div>').format(
                sheet.IMAGE, row["image"], row.get("caption") or "") for row in rows or [] if row.get("image")))


NAMES = tuple(name for part in (Blocks, SignatureBlocks) for name in vars(part)
              if not name.startswith("_") and name != "functions")


def names():
    """Return the names of all blocks."""
    return NAMES


def helps():
    """Return ``[(name, help)]`` for the editor."""
    return [(name, escape(" ".join((getattr(Blocks, name).__doc__ or "").split()))) for name in NAMES]
