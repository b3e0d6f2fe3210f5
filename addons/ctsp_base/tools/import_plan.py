"""What is to become of one row of an import."""
from dataclasses import dataclass, field

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"


@dataclass
class RowPlan:
    """One row of the file and what is to become of it. Values are in the form of ``import_values.plain``."""

    number: int
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)  # (field label, reason)
    state: str = NEW
    record_id: int = 0
    old: dict = field(default_factory=dict)
    later: dict = field(default_factory=dict)  # link → the plan of the row of this file that it names
    unread: set = field(default_factory=set)  # links that could not be looked up

    def refuse(self, label, reason):
        """Mark the row as bad."""
        self.state = BAD
        self.problems.append((label, reason))
