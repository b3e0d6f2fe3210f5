from odoo import fields, models


class LawCompare(models.TransientModel):
    """Two versions of a law side by side; an article that only got another number is the same."""

    _name = "ctsp.law.compare"
    _description = "Comparison of Law Versions"
    _inherit = ["ctsp.compare.mixin"]
    _compare_by_likeness = True

    left_id = fields.Many2one("ctsp.law.version", "Earlier Version", required=True, ondelete="cascade")
    right_id = fields.Many2one("ctsp.law.version", "Later Version", required=True, ondelete="cascade")

    def _labels(self):
        article = self.env["ctsp.law.article"]._fields
        return {name: article[name]._description_string(self.env) for name in ("chapter", "heading", "text")}

    def _rows(self, version):
        return [{
            "id": article.id, "origin": None, "key": article.heading, "key_label": article.number,
            "title": " · ".join(filter(None, [article.chapter, article.heading])),
            "values": {"chapter": article.chapter or "", "heading": article.heading or "", "text": article.text},
        } for article in version.article_ids.sorted()]
