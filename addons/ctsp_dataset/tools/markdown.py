"""As much of Markdown as our guide uses, as HTML: headings, paragraphs, lists in two levels, tables, code, bold, links.

Texts are texts, never markup.
"""
import re

from markupsafe import Markup, escape

INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\([^)]*\)")
ITEM = re.compile(r"( *)(-|\d+\.) (.*)")
SPECIAL = ("#", "|", "```")


def html(text):
    """Return ``text`` as ``Markup``."""
    lines, place, parts = text.split("\n"), 0, []
    while place < len(lines):
        make = _block(lines[place])
        taken, part = make(lines[place:])
        parts.append(part)
        place += taken
    return Markup("\n").join(parts)


def table(headers, rows):
    """Return a table of texts in which the marks of a line are kept."""
    return Markup("<table><thead>%s</thead><tbody>%s</tbody></table>") % (
        _row("th", headers), Markup("").join(_row("td", row) for row in rows))


def inline(text):
    """Return a line with its code, bold words and links, which lose their target."""
    parts, end = [], 0
    for found in INLINE.finditer(text):
        parts.append(escape(text[end:found.start()]))
        code, bold, link = found.groups()
        parts.append(Markup("<code>%s</code>") % code if code else
                     Markup("<b>%s</b>") % inline(bold) if bold else inline(link))
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _block(line):
    if line.startswith("```"):
        return _code
    if line.startswith("#"):
        return lambda lines: (1, _tag(f"h{min(len(line) - len(line.lstrip('#')), 4)}", line.lstrip("# ")))
    if line.startswith("|"):
        return _table
    if ITEM.fullmatch(line):
        return _list
    return _paragraph if line.strip() else lambda lines: (1, Markup(""))


def _tag(name, text):
    return _within(name, inline(text))


def _within(name, content):
    """Return ``content``, which is ``Markup``, in an element."""
    return Markup("<%s>%s</%s>") % (name, content, name)


def _code(lines):
    end = lines.index("```", 1)
    return end + 1, Markup("<pre>%s</pre>") % "\n".join(lines[1:end])


def _table(lines):
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return len(rows), table(rows[0], rows[2:])


def _row(name, cells):
    return Markup("<tr>%s</tr>") % Markup("").join(_tag(name, cell) for cell in cells)


def _list(lines):
    """Return a list; what is indented below an item is another list, or goes on with the item."""
    width, numbered = len(ITEM.fullmatch(lines[0])[1]), ITEM.fullmatch(lines[0])[2] != "-"
    items, place = [], 0
    while place < len(lines) and lines[place].strip():
        found = ITEM.fullmatch(lines[place])
        if found and len(found[1]) < width:
            break
        if found and len(found[1]) > width:
            taken, part = _list(lines[place:])
            items[-1] += part
            place += taken
            continue
        if found:
            items.append(inline(found[3]))
        elif lines[place].startswith(SPECIAL):
            break
        else:
            items[-1] += inline(lines[place].strip())
        place += 1
    name = "ol" if numbered else "ul"
    return place, _within(name, Markup("").join(_within("li", item) for item in items))


def _paragraph(lines):
    taken = []
    for line in lines:
        if not line.strip() or line.startswith(SPECIAL) or ITEM.fullmatch(line):
            break
        taken.append(line)
    return len(taken), Markup("<p>%s</p>") % Markup("<br/>").join(map(inline, taken))
