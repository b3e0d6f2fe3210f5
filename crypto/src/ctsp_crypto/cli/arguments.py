"""argparse in Chinese, and the options several commands share."""

import argparse
import re
import sys

WRONG_USE = 2
_TRANSLATIONS = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少参数：{0}"),
    (re.compile(r"unrecognized arguments: (.+)"), "不认识的参数：{0}"),
    (re.compile(r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)"), "参数 {0} 的取值 {1} 无效，可取：{2}"),
    (re.compile(r"argument (.+?): invalid \w+ value: (.+)"), "参数 {0} 的取值 {1} 无效"),
    (re.compile(r"argument (.+?): expected (?:one|at least one) argument"), "参数 {0} 缺少取值"),
    (re.compile(r"argument (.+?): not allowed with argument (.+)"), "参数 {0} 不能与 {1} 同时使用"),
    (re.compile(r"one of the arguments (.+) is required"), "必须给出以下参数之一：{0}"),
    (re.compile(r"argument (.+?): (.+)"), "参数 {0}：{1}"),
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in Chinese and leaves with 2."""

    def __init__(self, *args, **options):
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助")

    def error(self, message: str):
        for pattern, text in _TRANSLATIONS:
            found = pattern.fullmatch(message)
            if found:
                message = text.format(*found.groups())
                break
        sys.stderr.write(f"错误：{message}\n{self.format_usage()}")
        raise SystemExit(WRONG_USE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)


def groups(parser: argparse.ArgumentParser, title: str = "命令"):
    """Sub-commands; asking for none shows the help."""
    found = parser.add_subparsers(title=title, metavar="命令", parser_class=Parser)
    parser.set_defaults(run=None, parser=parser)
    return found


def command(parent, name: str, run, help_text: str, **options) -> Parser:
    parser = parent.add_parser(name, help=help_text, description=help_text, **options)
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="以 JSON 输出结果")
    parser.set_defaults(run=run, parser=parser)
    return parser
