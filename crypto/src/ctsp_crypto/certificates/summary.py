"""A certificate in words: what `cert show` prints and the platform's screens display."""

from datetime import datetime

from . import oids
from .certificate import Certificate


def describe(certificate: Certificate, at: datetime | None = None) -> dict[str, object]:
    """Labels in the order in which they are read."""
    found: dict[str, object] = {
        "主体": certificate.subject_text,
        "颁发者": certificate.issuer_text,
        "序列号": certificate.serial_text,
        "有效期": f"{certificate.not_before:%Y-%m-%d %H:%M:%S} 至 {certificate.not_after:%Y-%m-%d %H:%M:%S}（UTC）",
    }
    if at:
        found["状态"] = state(certificate, at)
    found |= {
        "公钥": f"{certificate.key.kind} {certificate.key.bits} 位"
        + (f"（{certificate.key.form}）" if certificate.key.form else ""),
        "签名算法": signature_name(certificate.signature_algorithm),
        "类型": "CA 证书" if certificate.is_ca else "最终实体证书",
    }
    if certificate.usages is not None:
        found["密钥用法"] = [oids.USAGE_NAMES[name] for name in oids.USAGES if name in certificate.usages]
    if certificate.purposes:
        found["扩展密钥用法"] = sorted(oids.PURPOSE_NAMES.get(oid, oid) for oid in certificate.purposes)
    if certificate.alternative_names:
        found["可选替换名称"] = list(certificate.alternative_names)
    if certificate.crl_urls:
        found["CRL 分发点"] = list(certificate.crl_urls)
    found["指纹 SM3"] = certificate.fingerprint()
    found["指纹 SHA-256"] = certificate.fingerprint("sha256")
    return found


def state(certificate: Certificate, at: datetime) -> str:
    if at < certificate.not_before:
        return "尚未生效"
    if at > certificate.not_after:
        return "已过期"
    return f"有效，剩余 {(certificate.not_after - at).days} 天"


def signature_name(oid: str) -> str:
    if oid == oids.SM2_WITH_SM3:
        return "SM2-with-SM3"
    family, digest = oids.SIGNATURES.get(oid, (oids.WEAK_SIGNATURES.get(oid, oid), ""))
    return f"{family} {digest.upper()}".strip()
