"""Models under the names users know."""


def named(env, names):
    """Return ``[(model, its name)]`` of the models ``names``, in the order of these names; one query.

    For fields of choice, which Odoo fills anew each time a form is opened.
    """
    # superuser: names of models are no secret
    rows = env["ir.model"].sudo().search_fetch([("model", "in", list(names))], ["model", "name"])
    return sorted(((row.model, row.name) for row in rows), key=lambda pair: pair[1])
