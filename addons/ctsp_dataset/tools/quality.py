"""The quality of several submissions: the share of good rows among all of their rows, not the mean of their shares."""
from odoo.tools import SQL


def weighted(model, query):
    """Return ``score`` of ``model``, averaged over rows, for a grouped query."""
    score, rows = (model._field_to_sql(model._table, name, query) for name in ("score", "rows"))
    return SQL("SUM(%s * %s) / NULLIF(SUM(%s), 0)", score, rows, rows)
