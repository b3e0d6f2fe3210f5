"""Errors of the package in Chinese. Unknown messages keep their English words behind the Chinese kind of error."""

import re

from ..certificates import CertificateRefused
from ..errors import (
    CryptoError,
    DecryptionFailed,
    EncodingError,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)

KINDS = {
    ProviderUnavailable: "密码服务不可用",
    ProviderRefused: "密码服务拒绝",
    VerificationFailed: "校验未通过",
    DecryptionFailed: "解密失败",
    KeyMissing: "密钥不存在",
    EncodingError: "数据格式不正确",
    PolicyError: "不允许的操作",
}
_TEXTS = (
    (r"the SM2 signature does not hold|the signature does not hold", "签名不成立"),
    (r"not an X\.509 certificate", "不是 X.509 证书"),
    (r"not exactly one (.+) in the PEM", "PEM 中应当恰好有一个 {0}"),
    (r"damaged PEM", "PEM 已损坏"),
    (r"not a certificate revocation list", "不是证书吊销列表"),
    (r"not a certificate request", "不是证书请求"),
    (r"not a file encrypted by this tool", "不是由本工具加密的文件"),
    (r"the file is cut off", "文件不完整"),
    (r"this file is opened with another kind of key: passphrase", "该文件须用口令打开"),
    (r"this file is opened with another kind of key: key", "该文件须用对称密钥打开"),
    (r"this file is opened with another kind of key: sm2", "该文件须用 SM2 私钥打开"),
    (r"this file was not encrypted for this key", "该文件不是加密给此私钥的"),
    (r"the ciphertext cannot be decrypted|the SM2 ciphertext cannot be decrypted", "密文被改动，或密钥不符"),
    (r"(.+) does not exist", "{0} 不存在"),
    (r"(.+) must be a regular file with mode 0600", "{0} 必须是权限为 0600 的普通文件"),
    (r"(.+) must belong to the user who runs this", "{0} 的属主必须是当前用户"),
    (r"others can write to the folder of (.+)", "其他用户可写 {0} 所在目录"),
    (r"(.+) cannot be opened as a private file: (.+)", "{0} 不能作为私有文件打开（可能是符号链接）"),
    (r"there is a root key already", "根密钥已存在"),
    (r"there is a key (.+) already", "密钥 {0} 已存在"),
    (r"the key store has been created already", "密钥库已创建"),
    (r"the key store has not been created", "密钥库尚未创建"),
    (r"the key store was changed.*|the table of contents of the key store was changed", "密钥清单被改动"),
    (r"no active key (.+)", "没有使用中的密钥 {0}"),
    (r"no version (\d+) of the root key", "没有第 {0} 版根密钥"),
    (r"no key (\S+) version (\d+)", "没有密钥 {0} 第 {1} 版，或已销毁"),
    (r"an active key is not destroyed: rotate it first", "使用中的密钥不能销毁，请先轮换"),
    (r"(\d+) keys are still wrapped by this one: rewrap first", "仍有 {0} 个密钥由它加密，请先重新加密"),
    (r"destroying a key needs a witness", "销毁密钥须有见证人"),
    (r"destroying a key needs a name and a reason", "销毁密钥须说明操作人与事由"),
    (r"(\d+) custodians are needed, (\d+) are here", "须 {0} 位保管人到场，现有 {1} 位"),
    (r"dual control: .+", "双人控制：至少两位保管人，且恢复时至少两位到场"),
    (r"a passphrase has at least (\d+) bytes", "口令至少 {0} 个字节"),
    (r"two custodians with the same passphrase.+", "两位保管人的口令不得相同"),
    (r"every custodian has a name of his own", "保管人姓名不得为空或重复"),
    (r"the store is not empty.+", "密钥库不是空的，恢复不会覆盖已有密钥"),
    (r"a share of another backup", "密钥分量不属于这份备份"),
    (r"not a backup bundle or share", "不是备份文件或密钥分量"),
    (r"a key id is .+", "密钥名称只能由小写字母、数字、点、横线组成"),
    (r"a ceremony needs an operator|a ceremony needs a known action and an operator", "须说明操作人"),
    (r"entry (\d+) of the ceremony protocol was changed", "密钥仪式记录第 {0} 条被改动"),
    (r"another run of sealing or verification is at work", "另一次封存或校验正在进行"),
    (r"accepting a change needs a name and a reason", "确认变更须说明姓名与事由"),
    (r"no source is called (.+)", "配置中没有名为 {0} 的来源"),
    (r"the configuration (.+) cannot be read: .+", "无法读取配置 {0}"),
    (r"not a signed message", "不是签名消息"),
    (r"a detached signature needs its content", "签名中不含原文，须用 --content 给出"),
    (r"the attached content is another one", "签名中的原文与给出的原文不同"),
    (r"signed messages are made with SM2 certificates", "签名须用 SM2 证书"),
    (r"not a PDF document.*|the PDF does not end as it should", "不是有效的 PDF 文件"),
    (r"an encrypted PDF is not signed", "不支持加密的 PDF"),
    (r"the structure of this PDF is not understood|the signatures of this PDF cannot be read", "无法解析该 PDF 的结构"),
    (r"the signature algorithm (.+) is not allowed", "不允许的签名算法 {0}"),
    (r"an RSA key of (\d+) bits is not allowed", "RSA 密钥仅 {0} 位，不允许使用"),
)
_PATTERNS = [(re.compile(pattern, re.DOTALL), text) for pattern, text in _TEXTS]


def chinese(error: CryptoError) -> str:
    """One sentence, in lines where several things are wrong."""
    if isinstance(error, CertificateRefused):
        return "证书不被接受：\n" + "\n".join(f"  {problem.text()}" for problem in error.problems)
    kind = next((text for cls, text in KINDS.items() if isinstance(error, cls)), "密码运算出错")
    message = str(error)
    for pattern, text in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return f"{kind}：{text.format(*found.groups())}"
    return f"{kind}：{message}"
