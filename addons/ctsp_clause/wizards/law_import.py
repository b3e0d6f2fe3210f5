import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import tabular

from ..tools import law_file, law_table, law_text

SHOWN = 400


class LawImport(models.TransientModel):
    """Takes over the text of a law version, by chapter and article: docx, html, txt, a table (xlsx, csv) or a paste.

    The preview shows what was found before anything is written. Articles are known by their number: those that are
    there get the new text and keep their clauses; those the text lacks are removed unless a clause cites them.
    """

    _name = "ctsp.law.import"
    _description = "Take Over the Text of a Law"

    version_id = fields.Many2one("ctsp.law.version", required=True, ondelete="cascade")
    file = fields.Binary()
    file_name = fields.Char()
    paste = fields.Text("Pasted Text")
    source = fields.Char(help="Where the text comes from and who compared it.")
    article_count = fields.Integer("Articles Found", compute="_compute_preview")
    chapter_count = fields.Integer("Chapters Found", compute="_compute_preview")
    warning = fields.Char(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("file", "file_name", "paste")
    def _compute_preview(self):
        for wizard in self:
            wizard.warning = wizard.preview = False
            try:
                articles = wizard._parsed().articles
            except UserError as error:
                articles, wizard.warning = [], str(error)
            wizard.article_count = len(articles)
            wizard.chapter_count = len({article.chapter for article in articles if article.chapter})
            if articles:
                wizard.warning = wizard._gaps(articles)
                wizard.preview = self.env["ir.qweb"]._render(
                    "ctsp_clause.law_import_preview", {"articles": articles[:SHOWN], "total": len(articles)})

    def _parsed(self):
        self.ensure_one()
        if not self.file:
            return law_text.parse(self.paste)
        content = base64.b64decode(self.with_context(bin_size=False).file)
        try:
            if law_table.is_table(content, self.file_name):
                return law_table.parse(content, self.file_name)
            return law_text.parse(law_file.read(content, self.file_name))
        except law_table.TableError as error:
            raise UserError(self._table_reasons(error)) from error
        except tabular.TabularError as error:
            raise UserError(self._reasons()["unreadable"]) from error
        except law_file.TextFileError as error:
            raise UserError(self._reasons()[error.code]) from error

    def _table_reasons(self, error):
        return {
            "columns": self.env._(
                "The table needs the columns “%(number)s” and “%(text)s”.", number="条号", text="正文"),
            "number": self.env._("Row %(row)s: the number of the article cannot be read.", row=error.row),
        }[error.code]

    def _reasons(self):
        return {
            "empty": self.env._("The file is empty."),
            "too_large": self.env._("The file is larger than 10 MB."),
            "old_word": self.env._("This is an old Word file (.doc). Please save it as .docx first."),
            "unreadable": self.env._("The file cannot be read as docx, html, text or table."),
        }

    def _gaps(self, articles):
        """Say which numbers are missing: a text is seldom short of an article by intention."""
        numbers = {law_text.value(article.number[1:article.number.index("条")]) for article in articles}
        missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
        if not missing:
            return False
        shown = "、".join(str(number) for number in missing[:10])
        return self.env._("Articles %(numbers)s were not found. Please look at the text.", numbers=shown)

    def action_apply(self):
        """Write the articles into the version and open the reader."""
        self.ensure_one()
        self.version_id.check_access("write")
        articles = self._parsed().articles
        if not articles:
            raise UserError(self.env._(
                "No article was found: each article begins a line with its number (%(example)s).", example="第一条"))
        known = {article.number: article for article in self.version_id.article_ids}
        new = []
        for place, article in enumerate(articles, 1):
            values = {**article._asdict(), "sequence": place * 10, "is_summary": False}
            values["text"] = values["text"] or values["heading"] or article.number
            if old := known.pop(article.number, None):
                values["heading"] = values["heading"] or old.heading
                old.write(values)
            else:
                new.append({**values, "version_id": self.version_id.id})
        self.env["ctsp.law.article"].create(new)
        left = self.env["ctsp.law.article"].concat(*known.values())
        left.filtered(lambda article: not article.clause_ids).unlink()
        self.version_id.write({"coverage": "full", "source": self.source or self.version_id.source})
        return self.version_id.action_read()
