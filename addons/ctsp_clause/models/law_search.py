from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock

from ..tools import ngrams

MOST = 200
CANDIDATES = 1000


class LawSearch(models.Model):
    """Full-text search over the articles and the reader: read-only services for the web client.

    Chinese terms of any length go through the index of pairs of characters, others through the trigram index; both are
    verified by the text itself. Rank: in force before repealed, then name and heading, then number of occurrences.
    """

    _inherit = "ctsp.law.article"  # pylint: disable=consider-merging-classes-inherited; see the file's title

    @api.model
    def search_text(self, query, in_force=True, level=None, limit=30, offset=0):
        """Return ``{"total", "hits"}`` for ``query``; a hit names law, article, status and a snippet of its text."""
        self._check_reader()
        words = ngrams.terms(query if isinstance(query, str) else "")
        if not words:
            return {"total": 0, "hits": []}
        self.flush_model(["body", "tokens", "sequence"])
        self.env["ctsp.law.version"].flush_model(["date_from", "date_to", "is_draft"])
        self.env["ctsp.law"].flush_model(["level", "active", "sequence"])
        rows = self.env.execute_query(self._search_sql(
            words, bool(in_force), level, min(int(limit), MOST), max(int(offset), 0)))
        hits = self.browse([row[0] for row in rows])
        return {"total": rows[0][1] if rows else 0, "hits": [article._hit(words) for article in hits]}

    def _check_reader(self):
        if not self.has_access("read"):
            raise AccessError(self.env._("You may not read the library of laws."))

    @api.model
    def _search_sql(self, words, in_force, level, limit, offset):
        """Hits of ``words`` in their order; a word that nearly every article has is ranked among the first ones."""
        today = clock.today()
        valid = SQL("NOT COALESCE(v.is_draft, FALSE) AND v.date_from <= %s AND (v.date_to IS NULL OR v.date_to >= %s)",
                    today, today)
        where = [SQL("l.active"), *[self._term_sql(word) for word in words]]
        if in_force:
            where.append(valid)
        if level:
            where.append(SQL("l.level = %s", level))
        titled = SQL(" AND ").join(SQL("a.title LIKE %s", ngrams.like(word)) for word in words)
        tables = SQL(
            "ctsp_law_article a JOIN ctsp_law_version v ON v.id = a.version_id JOIN ctsp_law l ON l.id = a.law_id")
        matches = SQL(" AND ").join(where)
        return SQL(
            """
            WITH hit AS (
                (SELECT a.id FROM %(tables)s WHERE %(titled)s AND %(matches)s LIMIT %(candidates)s)
                UNION
                (SELECT a.id FROM %(tables)s WHERE %(matches)s LIMIT %(candidates)s))
            SELECT a.id, COUNT(*) OVER () FROM hit JOIN %(tables)s ON a.id = hit.id
             ORDER BY COALESCE((%(valid)s), FALSE) DESC, (%(score)s) DESC, l.sequence, a.sequence, a.number_key, a.id
             LIMIT %(limit)s OFFSET %(offset)s
            """, tables=tables, titled=titled, matches=matches, candidates=CANDIDATES, valid=valid,
            score=SQL(" + ").join(self._score_sql(word) for word in words), limit=limit, offset=offset)

    @api.model
    def _term_sql(self, word):
        """Condition for one term: an index narrows (pairs of Chinese characters, else trigrams), the text decides."""
        conditions = [SQL("a.body LIKE %s", ngrams.like(word))]
        registry, pairs = self.env.registry, ngrams.needed(word)
        if pairs:
            query = " & ".join(f"'{pair}'" for pair in sorted(pairs))
            conditions.insert(0, SQL("to_tsvector('simple', a.tokens) @@ to_tsquery('simple', %s)", query))
        elif registry.has_trigram:
            body = registry.unaccent(SQL("a.body"))  # as the index of the field is built
            conditions.insert(0, SQL("%s LIKE %s", body, registry.unaccent(SQL("%s", ngrams.like(word)))))
        return SQL(" AND ").join(conditions)

    @api.model
    def _score_sql(self, word):
        return SQL(
            "(CASE WHEN a.title LIKE %s THEN 20 ELSE 0 END"
            " + LEAST((length(a.body) - length(replace(a.body, %s, ''))) / %s, 9))", ngrams.like(word), word, len(word))

    def _hit(self, words):
        self.ensure_one()
        version = self.version_id
        return {
            "id": self.id, "version_id": version.id, "citation": self.complete_name, "law": version.law_id.name,
            "number": version.number or "", "chapter": self.chapter or "", "heading": self.heading or "",
            "status": version.status, "is_summary": self.is_summary, "clauses": len(self.clause_ids),
            "snippet": [{"text": text, "hit": hit} for text, hit in ngrams.snippet(self.text, words)],
        }

    def _reader_row(self):
        self.ensure_one()
        return {
            "id": self.id, "chapter": self.chapter or "", "number": self.number, "heading": self.heading or "",
            "paragraphs": [line for line in (self.text or "").splitlines() if line.strip()],
            "is_summary": self.is_summary,
            "clauses": [{"id": clause.id, "name": clause.complete_name} for clause in self.clause_ids],
        }
