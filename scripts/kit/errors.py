"""A problem the user can do something about, and the frame that prints it."""
import errno
import sys
import traceback
from pathlib import Path

KIT = Path(__file__).parent
NO_SPACE = "磁盘空间不足：请腾出空间，或指定另一个位置，然后重试"
WORDS = {
    errno.ENOENT: "文件或目录不存在", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EROFS: "所在介质只读",
    errno.ENOTDIR: "不是目录", errno.EISDIR: "是目录，不是文件", errno.ENOSPC: "磁盘已满", errno.EDQUOT: "超出磁盘配额"}


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
    except OSError as error:
        if error.errno not in WORDS:
            raise
        print(about_files(error), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        sys.exit(130)


def about_files(error: OSError) -> Problem:
    """What the operator can mend without reading a traceback."""
    where = f"{error.filename}：" if error.filename else ""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = NO_SPACE if full else "请核对路径与权限"
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if KIT in Path(frame.filename).parents][-1]
    return Problem(f"{where}{WORDS[error.errno]}", remedy, f"（{Path(ours.filename).name} 第 {ours.lineno} 行）")
