"""What the database deletes together with a record (``ondelete="cascade"``), past the ORM."""
from collections import defaultdict


def edges(pool):
    """Return ``{model: [(child model, many2one field)]}`` of all stored links that cascade."""
    found = defaultdict(list)
    for name, cls in pool.items():
        if cls._abstract or cls._transient or not cls._auto:
            continue
        for field in cls._fields.values():
            if field.type == "many2one" and field.store and field.column_type and field.ondelete == "cascade":
                found[field.comodel_name].append((name, field.name))
    return found


def leading_to(links, wanted):
    """Keep the links whose child is in ``wanted`` or leads there.

    :param links: ``{model: [(child, field)]}``
    :return: the same with tuples
    """
    useful = set(wanted)
    while True:
        more = {model for model, children in links.items() if model not in useful
                and any(child in useful for child, _field in children)}
        if not more:
            break
        useful |= more
    kept = {model: tuple(one for one in children if one[0] in useful) for model, children in links.items()}
    return {model: children for model, children in kept.items() if children}
