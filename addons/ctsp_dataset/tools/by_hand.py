"""What a person sent on the desk, where a program has a key."""
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class ByHand:
    """A file of the desk on its way to a submission.

    ``is_test``: it is only checked. ``facts``: field values that say who sent it. ``seen``: told how many rows were
    checked.
    """

    is_test: bool
    facts: dict = field(default_factory=dict)
    seen: Callable | None = None
