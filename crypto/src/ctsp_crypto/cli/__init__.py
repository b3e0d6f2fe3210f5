"""`ctsp-crypto`: the command line. Exit codes: 0 good, 1 verification failed, 2 wrong use, 3 provider unavailable."""

import sys
from collections.abc import Sequence

from ..errors import CryptoError, DecryptionFailed, ProviderRefused, ProviderUnavailable, VerificationFailed
from ..sealing import SettingsError
from ..sealing.state import StateDamaged
from . import authority, certificates, digests, encryption, keys, pdf, seal, selftest, signing
from .arguments import Parser, groups
from .console import Console
from .messages import chinese

GOOD, FAILED, WRONG_USE, UNAVAILABLE = 0, 1, 2, 3
DESCRIPTION = """商用密码工具：SM2、SM3、SM4，证书，密钥管理，日志与访问控制文件封存。

退出码：0 成功；1 校验未通过；2 用法错误；3 密码服务不可用。"""


def parser() -> Parser:
    found = Parser(prog="ctsp-crypto", description=DESCRIPTION)
    found.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    found.add_argument("--progress", action="store_true", default=None, help="总是显示进度条（默认只在终端上显示）")
    commands = groups(found)
    for module in (digests, encryption, signing, certificates, authority, keys, seal, pdf, selftest):
        module.add(commands)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        options = parser().parse_args(arguments)
    except SystemExit as left:
        return left.code or GOOD
    if options.run is None:
        sys.stdout.write(options.parser.format_help())
        return WRONG_USE
    console = Console(options.json, options.progress)
    try:
        return options.run(options, console) or GOOD
    except (VerificationFailed, DecryptionFailed) as error:
        return _say(console, chinese(error), FAILED)
    except (ProviderUnavailable, ProviderRefused) as error:
        return _say(console, chinese(error), UNAVAILABLE)
    except CryptoError as error:
        return _say(console, chinese(error), WRONG_USE)
    except SettingsError as error:
        return _say(console, str(error), WRONG_USE)
    except StateDamaged:
        return _say(console, "封存状态被改动，或封存密钥不符", FAILED)
    except OSError as error:
        return _say(console, f"{error.filename or '文件'}：{_reason(error)}", WRONG_USE)
    except KeyboardInterrupt:
        return _say(console, "已中断", 130)


def _say(console: Console, message: str, code: int) -> int:
    console.error(message)
    return code


def _reason(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "文件不存在",
        PermissionError: "没有权限",
        IsADirectoryError: "是目录",
        FileExistsError: "已存在",
        NotADirectoryError: "不是目录",
    }
    return reasons.get(type(error), error.strerror or str(error))
