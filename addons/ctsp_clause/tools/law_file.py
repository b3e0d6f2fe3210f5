"""Reads the text of docx, html and txt files. Refusals are :class:`TextFileError` with a code."""
import io
import zipfile

from lxml import etree, html

from odoo.addons.ctsp_base.tools.damaged import ARCHIVE

LIMIT = 10 * 1024 * 1024
UNPACKED = 60 * 1024 * 1024
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "br", "section", "article", "td"}
ENCODINGS = ("utf-8-sig", "gb18030")


class TextFileError(ValueError):
    """A file whose text cannot be read; ``code``: empty, too_large, old_word, unreadable."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read(content, name):
    """Return the text of the file ``name``, a line for each paragraph."""
    if not content:
        raise TextFileError("empty")
    if len(content) > LIMIT:
        raise TextFileError("too_large")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TextFileError("old_word")
    if content.startswith(b"PK"):
        return _docx(content)
    text = _decode(content)
    lowered = text[:2000].lower()
    if (name or "").lower().endswith((".html", ".htm")) or "<html" in lowered or "<p" in lowered:
        return from_html(text)
    return text


def _decode(content):
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TextFileError("unreadable")


def _docx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("word/document.xml").file_size > UNPACKED:
                raise TextFileError("too_large")
            document = archive.read("word/document.xml")
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(document, parser)
    except ARCHIVE as error:
        if isinstance(error, TextFileError):
            raise
        raise TextFileError("unreadable") from error
    lines = []
    for paragraph in root.iter(f"{WORD}p"):
        parts = [
            node.text or "" if node.tag == f"{WORD}t" else "\n" if node.tag == f"{WORD}br" else "\t"
            for node in paragraph.iter(f"{WORD}t", f"{WORD}br", f"{WORD}tab")]
        lines.append("".join(parts))
    return "\n".join(lines)


def from_html(text):
    """Return the text of a page or of a pasted fragment, a line for each block."""
    try:
        root = html.fromstring(text)
    except (etree.ParserError, ValueError) as error:
        raise TextFileError("unreadable") from error
    etree.strip_elements(root, "script", "style", "head", with_tail=False)
    for node in root.iter():
        if node.tag in BLOCKS:
            node.tail = "\n" + (node.tail or "")
            node.text = "\n" + (node.text or "") if node.tag != "br" else node.text
    return root.text_content()
