"""What a person sent on the desk, where a program has a key; the way to its screens."""
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class ByHand:
    """A file of the desk on its way to a submission.

    ``is_test``: it is only checked. ``facts``: field values that say who sent it. ``seen``: told how many rows were
    checked. ``check``: told how many rows there are, refuses more than the day has.
    """

    is_test: bool
    facts: dict = field(default_factory=dict)
    seen: Callable | None = None
    check: Callable | None = None


def screen(env, action, record, **context):
    """Return a screen of the desk on its form: as that of an entry, its address can be opened again.

    :param str action: xml id
    :param record: one record, or none for a new one
    """
    window = env["ir.actions.act_window"]._for_xml_id(action)
    return {**window, "views": [view for view in window["views"] if view[1] == "form"], "view_mode": "form",
            "res_id": record.id, "context": context}
