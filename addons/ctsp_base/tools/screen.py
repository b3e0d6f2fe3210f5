"""What forms with smart buttons ask for again and again: how many rows belong to a record, and those rows on screen."""


def counted(records, model, field):
    """Return ``{record: rows of model that point at it by field}`` in one query, with the reader's own rights."""
    return dict(records.env[model]._read_group([(field, "in", records.ids)], [field], ["__count"]))


def opened(records, xml_id, domain, **values):
    """Return the window action ``xml_id`` over the rows of ``domain``, without its own filters."""
    action = records.env["ir.actions.act_window"]._for_xml_id(xml_id)
    return {**action, "domain": domain, "context": {}, **values}
