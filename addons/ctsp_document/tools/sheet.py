"""From the HTML of a paper to its PDF: pages, fonts, running signatures, struck blanks, archive format.

The same HTML gives the same bytes: no clock and no random number goes into the file. Lengths are millimetres.
"""
import gc
import itertools
import logging
import re
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo.tools import file_open

from odoo.addons.ctsp_base.tools.pdf import HEI, SONG

from .digest_id import identifier

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # fifteen lines a paper otherwise

PX = 25.4 / 96
FANG = '"FangSong_GB2312", "FangSong", "仿宋_GB2312", "仿宋", ' + SONG
KAI = '"KaiTi_GB2312", "KaiTi", "楷体", ' + SONG
#: width, height (None: as long as the content), margins top right bottom left
PAPERS = {
    "a4": (210, 297, (24, 22, 20, 24)),
    "roll80": (80, None, (4, 4, 6, 4)),
    "roll58": (58, None, (3, 3, 5, 3)),
}
LONGEST = 5000
END = "paper-end"
REST = "paper-rest"
BLANK = "paper-blank-"
BOX = "paper-box-"
REST_HEAD = 8
COUNT = 8
"""height of the line that counts the pages"""
IMAGE = "image:"


COLLECT_EVERY = 8
"""papers after which what they left behind is cleared away"""
_set = itertools.count(1)


class MissingGlyphs(ValueError):
    """No font of the server has these characters: a paper with boxes for a name must not become final."""

    def __init__(self, characters):
        super().__init__("".join(characters))
        self.characters = characters


@dataclass
class Furniture:
    """What a template's blocks put around the text."""

    signatures: str = ""
    signature_height: int = 0
    header_left: str = ""
    header_right: str = ""
    first_header: bool = True
    has_rest: bool = False
    blanks: int = 0
    landscape: bool = False
    heights: list = field(default_factory=list)
    """how tall (mm) each box is to be at least"""


class PaperFetcher(URLFetcher):
    """Serves ``data:`` addresses and the images of the paper (``image:<key>``); nothing else, no network, no file."""

    def __init__(self, images):
        super().__init__(allowed_protocols=("data",))
        self._images = images

    def fetch(self, url, headers=None):
        """Return the image at ``url``; raise ``ValueError`` when the paper has none of that name."""
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        found = self._images(url.removeprefix(IMAGE)) if url.startswith(IMAGE) else None
        if not found:
            raise ValueError("a paper shows its own images only")
        content, mime_type = found
        return URLFetcherResponse(url, content, {"Content-Type": mime_type})


def _style(paper, furniture, height=None):
    width, fixed, (top, right, bottom, left) = PAPERS[paper]
    height = fixed or height or LONGEST
    if furniture.landscape:
        width, height = height, width
    with file_open("ctsp_document/tools/paper.css") as stream:
        sheet = stream.read()
    for name, value in (("@SONG@", SONG), ("@FANG@", FANG), ("@KAI@", KAI), ("@HEI@", HEI)):
        sheet = sheet.replace(name, value)
    bottom = _foot(paper, furniture)
    page = f"size: {width}mm {height}mm; margin: {top}mm {right}mm {bottom}mm {left}mm;"
    if fixed is None:
        return f"@page {{ {page} }}\n{sheet}"
    return f"{_pages(page, furniture)}\n{sheet}"


def _foot(paper, furniture):
    """Return the lower margin: where each page is signed, the count of pages stands among the signatures."""
    bottom = PAPERS[paper][2][2]
    return bottom + furniture.signature_height - COUNT if furniture.signatures else bottom


def _pages(page, furniture):
    """Return the rules of an office page: header, number, page x of y, signatures of every page."""
    below = "@bottom-left { content: element(signatures); width: 100%; vertical-align: top; }" \
        if furniture.signatures else "@bottom-center { content: element(count); width: 100%; }"
    first = "" if furniture.first_header else \
        "@page :first { @top-left { content: none; border: 0 } @top-right { content: none; border: 0 } }"
    return f"""@page {{ {page}
        @top-left {{ content: "{_css(furniture.header_left)}"; width: 60%; }}
        @top-right {{ content: "{_css(furniture.header_right)}"; width: 40%; }}
        {below} }} {first}"""


def _css(text):
    return re.sub(r"[^\w\s〔〕（）()：:、，。·\-－—]", "", text or "")


def compose(body, paper, furniture, *, title, number="", author="", watermark="", marks="", height=None):
    """Return the HTML document of a paper."""
    mark = Markup('<div class="watermark">{}</div>').format(watermark) if watermark else Markup("")
    style = _style(paper, furniture, height) + marks
    return Markup(
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="author" content="{author}"><meta name="subject" content="{number}">'
        "<style>{style}</style></head>"
        '<body class="paper-{paper}">{furniture}{mark}{body}<div id="{end}"></div></body></html>'
    ).format(
        title=f"{title} {number}".strip(), author=author, number=number, paper=paper, mark=mark, end=END,
        style=Markup(style), body=body, furniture=_running(furniture))  # noqa: S704 our own style sheet


def _running(furniture):
    count = Markup('<div class="count">第 <span class="page"></span> 页　共 <span class="pages"></span> 页</div>')
    if furniture.signatures:
        return Markup('<div class="signatures-running">{}{}</div>').format(furniture.signatures, count)
    return Markup('<div class="count-running">{}</div>').format(count)


def write(body, paper, furniture, images, strict=False, **facts):
    """Return ``(pdf, pages)`` of a paper.

    Two passes where the length of something is known only after the text is set: what remains of the last page is
    struck through, and a roll is cut where its text ends.

    :param images: function key → ``(content, mime type)`` or ``None``
    :param strict: raise :class:`MissingGlyphs` instead of drawing boxes for characters that no font has
    :param facts: ``title``, ``number``, ``author``, ``watermark``
    """
    fetcher = PaperFetcher(images)

    def layout(**sizes):
        html = compose(body, paper, furniture, **facts, **sizes)
        return HTML(string=str(html), base_url="paper:", url_fetcher=fetcher).render()

    document = layout()
    if PAPERS[paper][1] is None:
        document = layout(height=_place(document, END)[1] + PAPERS[paper][2][2] + 2)
    elif marks := _marks(document, paper, furniture):
        struck = layout(marks=marks)
        document = struck if len(struck.pages) == len(document.pages) else document
    content = document.write_pdf(pdf_variant="pdf/a-3u", pdf_identifier=identifier(str(body), facts))
    missing = sorted({chr(code) for font in document.fonts.values() for code in getattr(font, "missing", ())})
    pages = len(document.pages)
    del document
    _clear()
    if strict and missing:
        raise MissingGlyphs(missing)
    return content, pages


def _clear():
    """Free the fonts of earlier papers, some 40 MB of addresses each: their layouts hold them in circles of references.

    Python's own collector comes by too rarely in a process as large as Odoo's: a package of a hundred papers reached
    the memory limit, and fonts could not be opened any more.
    """
    if next(_set) % COLLECT_EVERY == 0:
        gc.collect()


def _place(document, name):
    """Return left, top, right and bottom (mm) of the element ``name`` on the last page that has it, else ``None``."""
    for page in reversed(document.pages):
        if name in page.anchors:
            return tuple(length * PX for length in page.anchors[name])
    return None


def _marks(document, paper, furniture):
    """Return the rules that strike blank parts through: what is left of boxes, and of the last page."""
    rules, grown = [], _grown(document, paper, furniture)
    for number in range(1, furniture.blanks + 1):
        if place := _place(document, f"{BLANK}{number}"):
            height = place[3] - place[1] + grown.get(number, 0)
            if number in grown:
                rules.append(f"#{BLANK}{number} {{ height: {height:.2f}mm }}")
            rules.append(_line(f"{BLANK}{number}", place[2] - place[0], height))
    if furniture.has_rest and REST in document.pages[-1].anchors:
        left, _top, right, _bottom = _place(document, REST)
        words = _place(document, REST)[3] - _place(document, REST)[1]
        tall = words + _room(document, paper, furniture) - sum(grown.values())
        if tall > REST_HEAD + 2:
            rules.append(f"#{REST} {{ height: {tall:.2f}mm }}")
            rules.append(_line(f"{BLANK}rest", right - left, tall - REST_HEAD))
    return "".join(rules)


def _room(document, paper, furniture):
    """Return what is left of the last page below its text (mm)."""
    width, height, _margins = PAPERS[paper]
    end = (width if furniture.landscape else height) - _foot(paper, furniture)
    return end - _place(document, END)[1] - 2


def _grown(document, paper, furniture):
    """Return ``{box: mm}``: by how much boxes on the last page become taller, as asked, where there is room."""
    grown, room = {}, _room(document, paper, furniture) - REST_HEAD
    for number, wanted in enumerate(furniture.heights, 1):
        if f"{BOX}{number}" in document.pages[-1].anchors:
            place = _place(document, f"{BOX}{number}")
            lack = min(wanted - (place[3] - place[1]), room)
            if lack > 0:
                grown[number] = lack
                room -= lack
    return grown


def _line(name, width, height):
    """Return the rule that draws a stroke from the lower left to the upper right of an element (mm)."""
    if height < 2:
        return ""
    width, height = round(width, 2), round(height, 2)
    return (
        f"#{name} {{ background-image: url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
        f"viewBox='0 0 {width} {height}' width='{width}mm' height='{height}mm'%3E%3Cpath d='M3 {height - 0.8:.2f}"
        f"L{width - 3:.2f} 0.8' stroke='black' stroke-width='0.25' fill='none'/%3E%3C/svg%3E\") }}")


def text(value):
    """Return ``value`` as markup: escaped, line ends kept."""
    plain = "" if value is None or value is False else str(value)
    return Markup("<br>").join(escape(line) for line in plain.splitlines())


def kept(content):
    """Return stored HTML of a paper, made by this module, as markup."""
    return Markup(content or "")  # noqa: S704 written by the engine, frozen since


def kept_furniture(furniture):
    """Return stored furniture with its signatures as markup."""
    furniture.signatures = Markup(furniture.signatures)  # noqa: S704  written by the engine, frozen since
    return furniture
