"""HTML to PDF by WeasyPrint: real page breaks, repeated table heads, embedded Chinese fonts, no browser.

Nothing is fetched from the network. What a document shows comes from ``data:`` addresses and from the one function
the caller gives, which knows the platform's own assets.
"""
from urllib.parse import unquote, urlsplit

import lxml.html
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

SONG = '"Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "宋体", serif'
HEI = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "微软雅黑", sans-serif'

#: Page furniture. The report's header and footer run in the page margins; pages of each record count from one.
STYLE = """
@page {{
    size: {size};
    margin: {top}mm {right}mm {bottom}mm {left}mm;
    @top-left {{ content: element(header); width: 100%; vertical-align: bottom; }}
    @bottom-left {{ content: element(footer); width: 100%; vertical-align: top; }}
}}
html, body, main, #wrapwrap {{ overflow: visible !important; height: auto !important; background: none; }}
body {{ font-family: {hei}; color: #000; margin: 0; }}
.ctsp-header {{ position: running(header); }}
.ctsp-footer {{ position: running(footer); }}
.ctsp-footer .page::after {{ content: counter(page); }}
.ctsp-footer .topage::after {{ content: counter(pages); }}
.serif, .o_official {{ font-family: {song}; }}
thead {{ display: table-header-group; }}
tfoot {{ display: table-row-group; }}
tr, img {{ break-inside: avoid; }}
h1, h2, h3, h4, h5, h6 {{ break-after: avoid; bookmark-level: none; }}
"""


class OwnAssetsFetcher(URLFetcher):
    """Serves ``data:`` addresses and what ``resolve(path)`` knows; every other address is refused.

    :param base_url: our own address; relative addresses are resolved against it
    :param resolve: function ``path → (content, mime type)`` or ``None``
    """

    def __init__(self, base_url, resolve):
        super().__init__(allowed_protocols=("data",))
        self._host = urlsplit(base_url).netloc
        self._resolve = resolve

    def fetch(self, url, headers=None):
        """Return the asset at ``url``; raise ``ValueError`` when it is not ours."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc != self._host:
            raise ValueError(f"not one of our assets: {url}")
        found = self._resolve(unquote(parts.path))
        if not found:
            raise ValueError(f"unknown asset: {url}")
        content, mime_type = found
        return URLFetcherResponse(url, content, {"Content-Type": mime_type})


def page_style(size="A4", landscape=False, margins=(20, 18, 20, 18)):
    """Return the CSS of the page; margins are top, right, bottom, left in millimetres."""
    top, right, bottom, left = margins
    return STYLE.format(
        size=f"{size} landscape" if landscape else size, top=top, right=right, bottom=bottom, left=left,
        song=SONG, hei=HEI)


def _parts(html, css_class):
    """Return the blocks of ``css_class`` in Odoo's merged header or footer document, one for each record."""
    if not html:
        return []
    root = lxml.html.fromstring(html)
    return root.xpath(f"//div[contains(concat(' ', normalize-space(@class), ' '), ' {css_class} ')]")


def join(body, header, footer, style, lang="zh-CN"):
    """Return one document: ``body`` with its running ``header`` and ``footer`` elements and ``style``."""
    root = lxml.html.document_fromstring(body)
    root.set("lang", lang)
    head = root.find("head")
    if head is None:
        head = lxml.html.fragment_fromstring("<head></head>")
        root.insert(0, head)
    sheet = lxml.html.fragment_fromstring("<style></style>")
    sheet.text = style
    head.append(sheet)
    for script in root.xpath("//script"):
        script.drop_tree()
    target = root.find("body")
    for element, name in ((footer, "ctsp-footer"), (header, "ctsp-header")):
        if element is not None:
            box = lxml.html.fragment_fromstring(f'<div class="{name}"></div>')
            box.append(element)
            target.insert(0, box)
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def render(bodies, header, footer, style, fetcher, base_url, lang="zh-CN"):
    """Return the PDF of ``bodies``, one after the other, each with pages counted from one.

    :param bodies: HTML documents; :param header: and :param footer: Odoo's merged ones, or ``None``
    """
    headers, footers = _parts(header, "header"), _parts(footer, "footer")
    documents = []
    for index, body in enumerate(bodies):
        html = join(str(body), _nth(headers, index), _nth(footers, index), style, lang)
        documents.append(HTML(string=html, base_url=base_url, url_fetcher=fetcher).render())
    pages = [page for document in documents for page in document.pages]
    return documents[0].copy(pages).write_pdf()


def _nth(parts, index):
    return parts[index] if index < len(parts) else parts[-1] if parts else None
