"""A problem the user can do something about, and the frame that prints it."""
import sys


class Problem(Exception):
    """What went wrong and what to do about it, both in the user's words."""

    def __init__(self, message: str, remedy: str = "", details: str = ""):
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        lines = [f"错误：{self.message}"]
        if self.remedy:
            lines.append(f"处理：{self.remedy}")
        if self.details:
            lines.append(self.details.rstrip())
        return "\n".join(lines)


def main(command) -> None:
    """Run a command; turn problems into messages and exit codes."""
    try:
        sys.exit(command() or 0)
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        sys.exit(130)
