"""The blocks a document template may call, each a function that gives HTML. Their help is shown beside the editor.

A block escapes what it is given. Text is Chinese: these are words on the paper, not of the screen.
"""
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from . import sheet
from .filters import chinese_date

YES, NO = "☑", "□"
DRAFT, VOID, SAMPLE = "草稿", "作废", "样张"
BLANK_DATE = "　　年　月　日"
SAMPLE_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80">'
    b'<rect width="120" height="80" fill="#ddd"/></svg>',
    "image/svg+xml")
FIELD = Markup('<span class="sign-empty"></span>')


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


class Blocks:
    """Blocks for one rendering; ``furniture`` collects what they put around the text."""

    def __init__(self, paper):
        self._paper = paper
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
        """勾选框：成立为 ☑，否则为 □。例：{{ check(passed, "符合") }}"""
        return Markup('<span class="choice"><span class="mark">{}</span>{}</span>').format(YES if flag else NO, label)

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
        """信息表：名称与内容成对，columns 为每行几对。例：{{ facts([("被检查单位", institution)], columns=2) }}"""
        if self._paper.paper != "a4":
            columns = 1
        cells, lines, rows = [], [], list(rows)
        for index, (label, value) in enumerate(rows):
            if columns > 1 and index == len(rows) - 1 and not cells:
                lines.append(Markup('<tr><th>{}</th><td colspan="{}">{}</td></tr>').format(
                    label, 2 * columns - 1, sheet.text(value)))
                break
            cells.append(Markup("<th>{}</th><td>{}</td>").format(label, sheet.text(value)))
            if len(cells) == columns:
                lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
                cells = []
        if cells:
            lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
        return Markup('<table class="facts">{}</table>').format(Markup("").join(lines))

    def grid(self, rows, columns, empty="无", height=0):
        """明细表，表头每页重复；列为 (表头, 字段, 宽度, 居中)，宽度、行高以毫米计。

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
                                                        sheet.text(row.get(column[1])))
                for column in columns)) for row in rows or [])
        if not rows:
            body = Markup('<tr class="none"><td colspan="{}">{}</td></tr>').format(len(columns), empty)
        return Markup(
            '<table class="grid"><colgroup>{}</colgroup><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        ).format(widths, head, body)

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
        return Markup(
            '<div class="box" style="min-height:{}mm"><div class="inside"><div class="label">{}</div>{}</div>'
            '<div class="blank" id="{}{}"></div></div>').format(
                float(height), label, body, sheet.BLANK, self.furniture.blanks)

    # ---- blanks, pages --------------------------------------------------------------------------------------------

    def rest(self):
        """“以下空白”：本页余下空白自动划线，放在正文末尾。例：{{ rest() }}"""
        self.furniture.has_rest = self._paper.paper == "a4"
        return Markup('<div class="rest" id="{}"><div class="words">（以下空白）</div>'
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

    # ---- signatures -----------------------------------------------------------------------------------------------

    def signature(self, role, label=None):
        """一方签名（图像、姓名、日期；拒签注明见证人）。例：{{ signature("inspectee", "被检查单位负责人") }}"""
        rows = [row for row in self._paper.signatures if row["role"] == role] or [{}]
        head = label or rows[0].get("label") or role
        return Markup('<span class="sign-label">{}：</span>{}　{}').format(
            head, Markup("　").join(self._signed(row) for row in rows), self._date(rows))

    def _signed(self, row):
        if row.get("refused"):
            return Markup('<span class="sign-note">{}拒绝签名。{}{}</span>').format(
                row.get("name") or "", f"理由：{row['reason']}。" if row.get("reason") else "",
                f"见证人：{row['witness']}" if row.get("witness") else "")
        if row.get("image"):
            return Markup('<img class="sign-image" src="{}{}"><span class="sign-name">{}</span>').format(
                sheet.IMAGE, row["image"], row.get("name") or "")
        return FIELD

    @staticmethod
    def _date(rows):
        dates = [row["date"] for row in rows if row.get("date")]
        return chinese_date(max(dates)) if dates else BLANK_DATE

    def signatures(self, roles=None, columns=1):
        """签名栏：全部或指定各方；异议随后列出。例：{{ signatures(["leader", "inspectee"], columns=2) }}"""
        roles = list(roles or dict.fromkeys(row["role"] for row in self._paper.signatures))
        if self._paper.paper != "a4":
            columns = 1
        cells = [Markup("<td>{}</td>").format(self.signature(role)) for role in roles]
        lines = [Markup("<tr>{}</tr>").format(Markup("").join(cells[at:at + columns]))
                 for at in range(0, len(cells), columns)]
        return Markup('<table class="signs">{}</table>{}').format(Markup("").join(lines), self.objections(roles))

    def objections(self, roles=None):
        """签名时提出的异议，没有则不显示。例：{{ objections() }}"""
        rows = [row for row in self._paper.signatures if row.get("objection") and (not roles or row["role"] in roles)]
        return Markup("").join(
            Markup('<p class="text">{}（{}）的异议：{}</p>').format(
                row["label"], row["name"], sheet.text(row["objection"]))
            for row in rows)

    def every_page(self, roles, columns=2):
        """每页页脚的签名栏（逐页签名），写在最前。例：{{ every_page(["inspectee", "inspector"]) }}"""
        roles = list(roles)
        lines, open_line = [], []
        for role in roles:
            people = sum(row["role"] == role for row in self._paper.signatures)
            if people > 1:  # several sign side by side: they need the whole width
                lines.append(Markup('<td colspan="{}">{}</td>').format(columns, self.signature(role)))
                continue
            open_line.append(Markup("<td>{}</td>").format(self.signature(role)))
            if len(open_line) == columns:
                lines.append(Markup("").join(open_line))
                open_line = []
        lines += [Markup("").join(open_line)] if open_line else []
        self.furniture.signatures = Markup('<table class="signs">{}</table>').format(
            Markup("").join(Markup("<tr>{}</tr>").format(line) for line in lines))
        self.furniture.signature_height = 11 * len(lines) + 4
        return Markup("")

    def closing(self, organisation=None, date=None):
        """落款：机关名称（盖章）与日期，居右。例：{{ closing() }}"""
        return Markup('<div class="closing"><div>{}</div><div>（盖章）</div><div>{}</div></div>').format(
            organisation or self._paper.organisation, chinese_date(date or self._paper.date) or BLANK_DATE)


NAMES = tuple(name for name in vars(Blocks) if not name.startswith("_") and name != "functions")


def names():
    """Return the names of all blocks."""
    return NAMES


def helps():
    """Return ``[(name, help)]`` for the editor."""
    return [(name, escape(" ".join((getattr(Blocks, name).__doc__ or "").split()))) for name in NAMES]
