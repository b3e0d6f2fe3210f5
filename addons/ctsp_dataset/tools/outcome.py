"""What a handler made of accepted rows."""
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """``text`` for the submitter; ``links``: ``(row, record)``; ``problems``: ``(row, path, message, hint)``.

    ``counts``: numbers that are added up where a submission is worked on in portions. ``failed``: nothing of it could
    be used; once the reason is gone it may be applied again.
    """

    text: str = ""
    links: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)
    failed: bool = False

    def problem(self, row, path, message, hint="请核对后重新报送"):
        self.problems.append((row, path, message, hint))
