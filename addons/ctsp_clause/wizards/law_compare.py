from odoo import fields, models


class LawCompare(models.TransientModel):
    """Two versions of a law side by side."""

    _name = "ctsp.law.compare"
    _description = "Comparison of Law Versions"
    _inherit = ["ctsp.compare.mixin"]

    left_id = fields.Many2one("ctsp.law.version", "Earlier Version", required=True, ondelete="cascade")
    right_id = fields.Many2one("ctsp.law.version", "Later Version", required=True, ondelete="cascade")

    def _labels(self):
        article = self.env["ctsp.law.article"]._fields
        return {name: article[name]._description_string(self.env) for name in ("chapter", "number", "heading", "text")}

    def _rows(self, version):
        return [{
            "id": article.id, "origin": None, "key": article.heading or article.number, "key_label": article.number,
            "title": " · ".join(filter(None, [article.chapter, article.heading])),
            "values": {"chapter": article.chapter or "", "number": article.number, "heading": article.heading or "",
                       "text": article.text},
        } for article in version.article_ids.sorted()]
