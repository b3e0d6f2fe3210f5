"""What a finished PDF really is: page size, fonts, glyphs, ink. Reads the file alone, knows nothing of what made it.

Pictures come from PDFium, text and font tables from PyPDF2: neither had a part in making the paper. Millimetres.
"""
import io
import re

import pypdfium2
from fontTools.ttLib import TTFont
from PyPDF2 import PdfReader
from PyPDF2.generic import ContentStream

DPI = 100
MM = DPI / 25.4
DARK = 128
SUBSET = re.compile(r"^/[A-Z]{6}\+(.+)$")
SHOWING = (b"Tj", b"TJ", b"'", b'"')


def pages(pdf):
    """Return the text of each page without blanks and line ends."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def sizes(pdf):
    """Return width and height of each page in whole millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes]


def fonts(pdf):
    """Return ``{name of the font: (is a subset, is embedded)}`` over all pages."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for resources in _resources(page["/Resources"]):
            for font in resources.get("/Font", {}).get_object().values() if "/Font" in resources else ():
                name, program = _program(font)
                subset = SUBSET.match(name)
                found[subset.group(1) if subset else name] = (bool(subset), program is not None)
    return found


def _resources(resources):
    """Yield a page's resources and those of what it draws inside."""
    resources = resources.get_object()
    yield resources
    for part in resources["/XObject"].get_object().values() if "/XObject" in resources else ():
        part = part.get_object()
        if "/Resources" in part:
            yield from _resources(part["/Resources"])


def _program(font):
    """Return the name of a font and its embedded program, ``None`` when there is none."""
    font = font.get_object()
    font = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    descriptor = font["/FontDescriptor"].get_object() if "/FontDescriptor" in font else {}
    program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor), None)
    return str(font["/BaseFont"]), program and program.get_object().get_data()


def undefined_glyphs(pdf):
    """Return how many shown characters the embedded fonts have no glyph for: what readers draw as an empty box."""
    reader, count, known = PdfReader(io.BytesIO(pdf)), 0, {}
    for page in reader.pages:
        table, glyphs = page["/Resources"]["/Font"].get_object(), set()
        for operands, operator in ContentStream(page.get_contents(), reader, "bytes").operations:
            if operator == b"Tf":
                font = table.raw_get(operands[0])
                glyphs = known[font.idnum] = known.get(font.idnum) or _glyphs(font)
            elif operator in SHOWING:
                count += sum(number not in glyphs for text in _strings(operands) for number in _numbers(text))
    return count


def _glyphs(font):
    """Return the numbers of the glyphs of an embedded font; 0, the empty box, is none."""
    order = TTFont(io.BytesIO(_program(font)[1]), lazy=True).getGlyphOrder()
    return {int(name[3:]) if name.startswith("cid") else at for at, name in enumerate(order)} - {0}


def _strings(operands):
    for operand in operands:
        if isinstance(operand, list):
            yield from _strings(operand)
        elif isinstance(operand, bytes):
            yield operand


def _numbers(text):
    return [int.from_bytes(text[at:at + 2], "big") for at in range(0, len(text), 2)]


def pictures(pdf):
    """Return each page as a grey picture of ``DPI`` dots per inch."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def ink(picture, left=0, top=0, right=None, bottom=None):
    """Return the share of dark dots in a part of a picture (millimetres from the upper left corner)."""
    box = [round(edge * MM) for edge in (left, top)]
    box += [picture.width if right is None else round(right * MM), picture.height if bottom is None else round(
        bottom * MM)]
    histogram = picture.crop(box).histogram()
    return sum(histogram[:DARK]) / max(sum(histogram), 1)


def beyond(picture, left, top, right, bottom):
    """Return the share of dark dots outside margins of these widths."""
    width, height = picture.width / MM, picture.height / MM
    strips = ((0, 0, left, height), (width - right, 0, width, height), (0, 0, width, top),
              (0, height - bottom, width, height))
    return max(ink(picture, *strip) for strip in strips)


def strokes(picture, left=25, right=23, columns=60):
    """Return how many strokes rise from left to right across the page: what strikes blank parts through.

    A stroke is there when the dots of many columns lie on one line; the lines of text between them do not.
    """
    first, last = round((left + 8) * MM), picture.width - round((right + 8) * MM)
    places = [first + (last - first) * at // (columns - 1) for at in range(columns)]
    dots = picture.load()
    dark = [{y for y in range(picture.height) if dots[x, y] < 200} for x in places]
    rows = [{y + shift for y in column for shift in (-1, 0, 1)} for column in dark]
    found = []
    for low in dark[0]:
        for high in dark[-1]:
            rise = low - high
            if rise > 2 * MM and all(
                    round(low - rise * at / (columns - 1)) in rows[at] for at in range(columns)) and all(
                    abs(low - other) > 3 * MM for other in found):
                found.append(low)
    return len(found)
