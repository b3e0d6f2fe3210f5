"""What a certificate may be used for, and whether two certificates form a signature / encryption pair (GM/T
0015, GM/T 0034).
"""

from dataclasses import dataclass

from ..errors import PolicyError
from . import oids
from .certificate import Certificate


@dataclass(frozen=True)
class Purpose:
    """`one_of`: key usages of which one must be there; `never`: which must not; `extended`: needed where the
    extension is.
    """

    label: str
    one_of: tuple[str, ...]
    never: tuple[str, ...] = ()
    extended: str = ""


_ENCRYPTION = ("key_encipherment", "data_encipherment", "key_agreement")
_SIGNATURE = ("digital_signature", "non_repudiation")
PURPOSES = {
    "sign": Purpose("签名", _SIGNATURE),
    "encrypt": Purpose("加密", _ENCRYPTION),
    "login": Purpose("登录", ("digital_signature",), extended=oids.CLIENT_AUTH),
    "server": Purpose("服务器", ("digital_signature", "key_encipherment", "key_agreement"), extended=oids.SERVER_AUTH),
    "time_stamp": Purpose("时间戳", _SIGNATURE, extended=oids.TIME_STAMPING),
    "ca": Purpose("签发证书", ("key_cert_sign",)),
    "any": Purpose("任意", ()),
}


def allows(certificate: Certificate, name: str) -> tuple[str, str]:
    """("", "") or code of `chain.PROBLEMS` and detail. A leaf without key usage may be used for anything but
    issuing.
    """
    purpose = PURPOSES.get(name)
    if purpose is None:
        raise PolicyError(f"no usage {name}")
    usages = certificate.usages
    if name == "ca" and (usages is None or not certificate.is_ca):
        return "usage", "不是 CA 证书"
    if usages is not None and purpose.one_of and not usages & set(purpose.one_of):
        return (
            "usage",
            f"{purpose.label}需要{_words(purpose.one_of, '或')}，证书为{_words(sorted(usages), '、') or '空'}",
        )
    purposes = certificate.purposes
    if purpose.extended and purposes is not None and not purposes & {purpose.extended, oids.ANY_PURPOSE}:
        return "purpose", f"需要{oids.PURPOSE_NAMES[purpose.extended]}"
    if name == "time_stamp" and not purposes:
        return "purpose", "需要时间戳"
    return "", ""


def _words(usages, between: str) -> str:
    return between.join(oids.USAGE_NAMES[usage] for usage in usages)


def is_signature_only(certificate: Certificate) -> bool:
    usages = certificate.usages or frozenset()
    return bool(usages & set(_SIGNATURE)) and not usages & set(_ENCRYPTION)


def is_encryption_only(certificate: Certificate) -> bool:
    usages = certificate.usages or frozenset()
    return bool(usages & set(_ENCRYPTION)) and not usages & set(_SIGNATURE)


def check_pair(signature: Certificate, encryption: Certificate) -> list[str]:
    """Dual certificates: what keeps these two from being the signature and the encryption certificate of one
    subject.
    """
    rules = (
        (signature.subject_key == encryption.subject_key, "签名证书与加密证书的主体不同"),
        (signature.issuer_key == encryption.issuer_key, "签名证书与加密证书的颁发者不同"),
        (signature.key.spki != encryption.key.spki, "签名证书与加密证书使用同一密钥"),
        (signature.serial != encryption.serial, "签名证书与加密证书的序列号相同"),
        (is_signature_only(signature), "签名证书的密钥用法应只含数字签名、防抵赖"),
        (is_encryption_only(encryption), "加密证书的密钥用法应只含密钥加密、数据加密、密钥协商"),
        (
            signature.not_before <= encryption.not_after and encryption.not_before <= signature.not_after,
            "两张证书的有效期没有交集",
        ),
    )
    return [text for good, text in rules if not good]
