from odoo import api, fields, models

from ..tools import numbers


class LawArticle(models.Model):
    """One article of a version of a law. ``is_summary``: our own words, never to be shown as the official text."""

    _name = "ctsp.law.article"
    _description = "Law Article"
    _inherit = ["ctsp.export.mixin"]
    _order = "version_id, sequence, number_key, id"
    _rec_names_search = ["number", "heading", "version_id.law_id.name", "version_id.law_id.short_name"]

    version_id = fields.Many2one("ctsp.law.version", required=True, index=True, ondelete="cascade")
    law_id = fields.Many2one(related="version_id.law_id", store=True, index=True)
    chapter = fields.Char()
    number = fields.Char(required=True)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    sequence = fields.Integer(default=10)
    heading = fields.Char()
    text = fields.Text(required=True)
    is_summary = fields.Boolean("Summary", help="A summary in our own words, not the official text.")
    clause_ids = fields.Many2many("ctsp.clause", "ctsp_clause_article_rel", "article_id", "clause_id", string="Clauses")
    status = fields.Selection(related="version_id.status")

    _number_unique = models.Constraint("UNIQUE(version_id, number)", "The version has an article with this number already.")

    @api.depends("number")
    def _compute_number_key(self):
        for article in self:
            article.number_key = numbers.sort_key(article.number)

    @api.depends("law_id.short_name", "law_id.name", "number", "version_id.name")
    def _compute_display_name(self):
        for article in self:
            law = article.law_id
            article.display_name = f"{law.short_name or law.name} {article.number}"
