"""Two texts side by side, line by line, with what changed within a line marked."""
import difflib

from markupsafe import Markup, escape


def table(before, after):
    """Return ``(html, added lines, removed lines)``."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    rows, added, removed = [], 0, 0
    for kind, left_from, left_to, right_from, right_to in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        left, right = old[left_from:left_to], new[right_from:right_to]
        if kind != "equal":
            added, removed = added + len(right), removed + len(left)
        for at in range(max(len(left), len(right))):
            a, b = (side[at] if at < len(side) else None for side in (left, right))
            rows.append(_row(kind, a, b, left_from + at + 1, right_from + at + 1))
    return Markup('<table class="table table-sm font-monospace ctsp_compare"><tbody>{}</tbody></table>').format(
        Markup("").join(rows)), added, removed


def _row(kind, left, right, left_line, right_line):
    if kind == "replace" and left is not None and right is not None:
        left, right = _within(left, right)
    tones = {"equal": ("", ""), "replace": ("table-danger", "table-success"), "delete": ("table-danger", ""),
             "insert": ("", "table-success")}[kind]
    return Markup('<tr><td class="text-muted">{}</td><td class="{}">{}</td><td class="text-muted">{}</td>'
                  '<td class="{}">{}</td></tr>').format(
        left_line if left is not None else "", tones[0] if left is not None else "", left or "",
        right_line if right is not None else "", tones[1] if right is not None else "", right or "")


def _within(left, right):
    """Return the two lines with their differing parts in bold."""
    a, b = Markup(""), Markup("")
    for kind, i, j, k, m in difflib.SequenceMatcher(None, left, right, False).get_opcodes():
        old, new = escape(left[i:j]), escape(right[k:m])
        a += old if kind == "equal" else Markup("<b>{}</b>").format(old)
        b += new if kind == "equal" else Markup("<b>{}</b>").format(new)
    return a, b
