from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import ngrams, numbers


class LawArticle(models.Model):
    """One article of a version of a law. ``is_summary``: our own words, never to be shown as the official text."""

    _name = "ctsp.law.article"
    _description = "Law Article"
    _inherit = ["ctsp.export.mixin"]
    _order = "version_id, sequence, number_key, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "heading"]

    complete_name = fields.Char("Citation", compute="_compute_complete_name", store=True, index=True)
    version_id = fields.Many2one("ctsp.law.version", required=True, index=True, ondelete="cascade")
    law_id = fields.Many2one(related="version_id.law_id", string="Law or Regulation", store=True, index=True)
    chapter = fields.Char()
    number = fields.Char(required=True)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    sequence = fields.Integer(default=10)
    heading = fields.Char()
    text = fields.Text(required=True)
    is_summary = fields.Boolean("Summary", help="A summary in our own words, not the official text.")
    body = fields.Text(compute="_compute_body", store=True, index="trigram", help="What the full-text search looks at.")
    title = fields.Char("Folded Title", compute="_compute_body", store=True)
    tokens = fields.Text(compute="_compute_body", store=True, help="Characters and pairs of characters of the body.")
    clause_ids = fields.Many2many("ctsp.clause", "ctsp_clause_article_rel", "article_id", "clause_id", string="Clauses")
    status = fields.Selection(related="version_id.status")

    # pairs of characters: two-character words are most of what people look for, and too short for trigrams
    _tokens_index = models.Index("USING gin (to_tsvector('simple', tokens))")
    _number_unique = models.Constraint(
        "UNIQUE(version_id, number)", "The version has an article with this number already."
    )

    @api.depends("number")
    def _compute_number_key(self):
        for article in self:
            article.number_key = numbers.sort_key(article.number)

    @api.depends("version_id.citation", "number")
    def _compute_complete_name(self):
        for article in self:
            article.complete_name = f"{article.version_id.citation}{article.number}"

    @api.depends("complete_name", "law_id.name", "heading", "text")
    def _compute_body(self):
        for article in self:
            article.title = ngrams.normalise(" ".join(filter(None, (article.complete_name, article.heading))))
            parts = (article.complete_name, article.law_id.name, article.heading, article.text)
            article.body = ngrams.normalise("\n".join(part or "" for part in parts))
            article.tokens = " ".join(sorted(ngrams.tokens(article.body)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cited(self):
        """An article that clauses rest on stays: published clauses would silently lose their basis."""
        if cited := self.filtered("clause_ids")[:1]:
            raise UserError(self.env._(
                "%(article)s is the basis of %(count)s clauses and cannot be deleted.",
                article=cited.complete_name, count=len(cited.clause_ids)))

    def action_read(self):
        """Open the article in the reader."""
        self.ensure_one()
        return self.version_id.with_context(article_id=self.id).action_read()
