"""The blocks of a document template about who signs: at the end, on every page, refused, objected, sealed."""
from markupsafe import Markup

from . import sheet
from .filters import chinese_date

BLANK_DATE = "　　年　月　日"
FIELD = Markup('<span class="sign-empty"></span>')
SIDE_BY_SIDE = 5
"""signatures that fit in one line of a page"""


class SignatureBlocks:
    """Part of :class:`blocks.Blocks`: reads ``_paper.signatures``, writes ``furniture``."""

    def signature(self, role, label=None):
        """一方签名（图像、姓名、日期；拒签注明见证人）。例：{{ signature("inspectee", "被检查单位负责人") }}"""
        return self._party(role, label, self._signed)

    def _party(self, role, label, shown):
        rows = [row for row in self._paper.signatures if row["role"] == role] or [{}]
        head = label or rows[0].get("label") or role
        return Markup('<span class="sign-label">{}：</span>{}　<span class="signed">{}</span>').format(
            head, Markup("　").join(shown(row) for row in rows), self._date(rows))

    def _signed(self, row):
        if row.get("refused"):
            return Markup('<span class="sign-note">{}</span>').format(self._refusal(row))
        if row.get("image"):
            return Markup(
                '<span class="signed"><img class="sign-image" src="{}{}"><span class="sign-name">{}</span></span>'
            ).format(sheet.IMAGE, row["image"], row.get("name") or "")
        return FIELD

    def _signed_below(self, row):
        """Return what stands at the foot of a page: there is no room for the reasons of a refusal."""
        if row.get("refused"):
            return Markup('<span class="sign-note">拒绝签名（情况见正文）</span>')
        return self._signed(row)

    @staticmethod
    def _refusal(row):
        return "".join((
            f"{row.get('name') or ''}拒绝签名。", f"理由：{row['reason']}。" if row.get("reason") else "",
            f"见证人：{row['witness']}。" if row.get("witness") else ""))

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
        """签名时提出的异议；逐页签名的文书还写明拒签情况；没有则不显示。例：{{ objections() }}"""
        rows = [row for row in self._paper.signatures if not roles or row["role"] in roles]
        refused = [row for row in rows if row.get("refused") and self.furniture.signatures]
        return Markup("").join([
            *(Markup('<p class="text">{}（{}）：{}</p>').format(row["label"], row["name"], self._refusal(row))
              for row in refused),
            *(Markup('<p class="text">{}（{}）的异议：{}</p>').format(
                row["label"], row["name"], sheet.text(row["objection"])) for row in rows if row.get("objection"))])

    def every_page(self, roles, columns=2):
        """每页页脚的签名栏（逐页签名），写在最前。例：{{ every_page(["inspectee", "inspector"]) }}"""
        lines, open_line, tall = [], [], 0
        for role in roles:
            cell = self._party(role, None, self._signed_below)
            people = sum(row["role"] == role for row in self._paper.signatures)
            if people > 1:  # several sign side by side: they need the whole width, and more lines when they are many
                lines.append(Markup('<td class="many" colspan="{}">{}</td>').format(columns, cell))
                tall += -(-people // SIDE_BY_SIDE)
                continue
            open_line.append(Markup("<td>{}</td>").format(cell))
            if len(open_line) == columns:
                lines.append(Markup("").join(open_line))
                open_line, tall = [], tall + 1
        if open_line:
            lines.append(Markup("").join(open_line))
            tall += 1
        self.furniture.signatures = Markup('<table class="signs">{}</table>').format(
            Markup("").join(Markup("<tr>{}</tr>").format(line) for line in lines))
        self.furniture.signature_height = 11 * tall + 4
        return Markup("")

    def closing(self, organisation=None, date=None):
        """落款：机关名称（盖章）与日期，居右。例：{{ closing() }}"""
        return Markup('<div class="closing"><div>{}</div><div>（盖章）</div><div>{}</div></div>').format(
            organisation or self._paper.organisation, chinese_date(date or self._paper.date) or BLANK_DATE)
