NAMES = {"term_state": "expiry_state", "'running'": "'valid'", "'ending'": "'expiring'", "'over'": "'expired'"}


def migrate(cr, version):
    """Saved searches ask for the terms of ethics committees by the names that all terms have now."""
    cr.execute(
        "SELECT id, domain FROM ir_filters WHERE model_id = 'ctsp.ethics.committee' AND domain LIKE '%term_state%'")
    for filter_id, domain in cr.fetchall():
        for old, new in NAMES.items():
            domain = domain.replace(old, new).replace(old.replace("'", '"'), new)
        cr.execute("UPDATE ir_filters SET domain = %s WHERE id = %s", [domain, filter_id])
