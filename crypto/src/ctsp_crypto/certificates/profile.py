"""Profile check of a certificate against GM/T 0015 / GB/T 20518 (format of digital certificates based on SM2),
as a readable report.

Each rule has an identifier, says what is asked, what was found and the verdict. Both ways of writing the SM2
key are accepted: the EC identifier with the SM2 curve as its parameter, and the SM2 identifier itself (2023
edition). The articles are cited from memory of third-party texts; the table is data, to be corrected against
the original before it is relied on in an assessment.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from . import oids, usage
from .certificate import Certificate
from .names import attribute

PASS, FAIL, WARN, SKIP = "pass", "fail", "warn", "skip"
VERDICTS = {PASS: "符合", FAIL: "不符合", WARN: "建议改进", SKIP: "不适用"}
MAX_SERIAL_BYTES = 20
MAX_LEAF_YEARS, MAX_CA_YEARS = 5, 30

Outcome = tuple[str, str]  # verdict, what was found
Check = Callable[[Certificate, datetime], Outcome]


@dataclass(frozen=True)
class Rule:
    id: str
    what: str
    basis: str
    check: Check


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    id: str
    what: str
    basis: str
    found: str
    verdict: str


def _if(good: bool, found: str, otherwise: str = FAIL) -> Outcome:
    return (PASS if good else otherwise), found


def _version(certificate, _at):
    return _if(certificate.version == "v3", certificate.version.upper())


def _serial(certificate, _at):
    size = (certificate.serial.bit_length() + 8) // 8
    return _if(certificate.serial > 0 and size <= MAX_SERIAL_BYTES, f"{certificate.serial_text}（{size} 字节）")


def _signature(certificate, _at):
    oid = certificate.signature_algorithm
    name = (
        "SM2-with-SM3"
        if oid == oids.SM2_WITH_SM3
        else oids.WEAK_SIGNATURES.get(oid) or oids.SIGNATURES.get(oid, (oid,))[0]
    )
    return _if(oid == oids.SM2_WITH_SM3, f"{name}（{oid}）")


def _parameters(certificate, _at):
    if certificate.signature_algorithm != oids.SM2_WITH_SM3:
        return SKIP, "不是 SM2 签名"
    value = certificate.signature_parameters
    absent = value.endswith(bytes.fromhex("2a811ccf55018375"))
    return _if(absent, "省略" if absent else "有参数", WARN)


def _key(certificate, _at):
    key = certificate.key
    return _if(key.kind == "SM2", f"{key.kind} {key.bits} 位" + (f"，{key.form}" if key.form else ""))


def _issuer(certificate, _at):
    return _if(bool(certificate.issuer_text), certificate.issuer_text or "空")


def _subject(certificate, _at):
    return _if(bool(certificate.subject_text), certificate.subject_text or "空")


def _country(certificate, _at):
    found = attribute(certificate.subject, "C")
    return _if(found == "CN", found or "无 C", WARN)


def _common_name(certificate, _at):
    found = attribute(certificate.subject, "CN")
    return _if(bool(found), found or "无 CN", WARN)


def _dates(certificate, _at):
    text = f"{certificate.not_before:%Y-%m-%d} 至 {certificate.not_after:%Y-%m-%d}"
    return _if(certificate.not_before < certificate.not_after, text)


def _now_valid(certificate, at):
    if at < certificate.not_before:
        return FAIL, "尚未生效"
    return _if(
        at <= certificate.not_after,
        f"剩余 {(certificate.not_after - at).days} 天" if at <= certificate.not_after else "已过期",
    )


def _length(certificate, _at):
    years = (certificate.not_after - certificate.not_before).days / 365.25
    limit = MAX_CA_YEARS if certificate.is_ca else MAX_LEAF_YEARS
    return _if(years <= limit + 0.1, f"{years:.1f} 年，建议不超过 {limit} 年", WARN)


def _authority_key(certificate, _at):
    found = certificate.authority_key_id
    if not found and certificate.self_issued:
        return PASS, "自签名证书可以省略"
    return _if(bool(found) and not certificate.is_critical(oids.AUTHORITY_KEY_ID), found.hex() if found else "无")


def _subject_key(certificate, _at):
    found = certificate.subject_key_id
    return _if(bool(found), found.hex() if found else "无", FAIL if certificate.is_ca else WARN)


def _key_usage(certificate, _at):
    if certificate.usages is None:
        return FAIL, "无"
    text = "、".join(oids.USAGE_NAMES[name] for name in oids.USAGES if name in certificate.usages) or "空"
    return _if(
        certificate.is_critical(oids.KEY_USAGE) and bool(certificate.usages),
        text + ("" if certificate.is_critical(oids.KEY_USAGE) else "（未标为关键）"),
    )


def _dual(certificate, _at):
    if certificate.is_ca:
        return SKIP, "CA 证书"
    if usage.is_signature_only(certificate):
        return PASS, "签名证书"
    if usage.is_encryption_only(certificate):
        return PASS, "加密证书"
    return FAIL, "签名与加密用法混用或都没有"


def _ca_usage(certificate, _at):
    if not certificate.is_ca:
        return SKIP, "最终实体证书"
    needed = {"key_cert_sign", "crl_sign"}
    missing = needed - (certificate.usages or set())
    return _if(
        not missing, "齐全" if not missing else "缺" + "、".join(oids.USAGE_NAMES[name] for name in sorted(missing))
    )


def _basic(certificate, _at):
    there = oids.BASIC_CONSTRAINTS in certificate.extensions
    if certificate.is_ca:
        critical = certificate.is_critical(oids.BASIC_CONSTRAINTS)
        limit = certificate.path_length
        return _if(critical, f"CA，{'不限' if limit is None else limit} 级" + ("" if critical else "（未标为关键）"))
    return PASS, "最终实体" if there else "无（视为最终实体）"


def _unknown(certificate, _at):
    names = [
        oid for oid, (critical, _value) in certificate.extensions.items() if critical and oid not in oids.UNDERSTOOD
    ]
    return _if(not names, "、".join(names) or "无")


def _crl_point(certificate, _at):
    if certificate.self_issued:
        return SKIP, "自签名证书"
    return _if(bool(certificate.crl_urls), "、".join(certificate.crl_urls) or "无", WARN)


RULES = (
    Rule("0015-01", "版本为 V3", "GM/T 0015 5.2.1", _version),
    Rule("0015-02", "序列号为正整数，不超过 20 字节", "GM/T 0015 5.2.2", _serial),
    Rule("0015-03", "签名算法为 SM2-with-SM3", "GM/T 0015 5.2.3", _signature),
    Rule("0015-04", "签名算法标识的参数省略", "GM/T 0015 5.2.3", _parameters),
    Rule("0015-05", "颁发者名称不为空", "GM/T 0015 5.2.4", _issuer),
    Rule("0015-06", "有效期起止先后正确", "GM/T 0015 5.2.5", _dates),
    Rule("0015-07", "当前在有效期内", "GM/T 0015 5.2.5", _now_valid),
    Rule("0015-08", "有效期长度适当", "管理要求", _length),
    Rule("0015-09", "主体名称不为空", "GM/T 0015 5.2.6", _subject),
    Rule("0015-10", "主体国家为 CN", "GM/T 0015 5.2.6", _country),
    Rule("0015-11", "主体含通用名", "GM/T 0015 5.2.6", _common_name),
    Rule("0015-12", "公钥为 SM2（两种公钥标识均可）", "GM/T 0015 5.2.7", _key),
    Rule("0015-13", "含颁发机构密钥标识符，非关键", "GM/T 0015 5.2.9", _authority_key),
    Rule("0015-14", "含主体密钥标识符", "GM/T 0015 5.2.9", _subject_key),
    Rule("0015-15", "含密钥用法，标为关键", "GM/T 0015 5.2.9", _key_usage),
    Rule("0015-16", "签名证书与加密证书用法分开（双证书）", "GM/T 0015 5.2.9", _dual),
    Rule("0015-17", "CA 证书含证书签发与 CRL 签发用法", "GM/T 0015 5.2.9", _ca_usage),
    Rule("0015-18", "CA 证书含基本限制，标为关键", "GM/T 0015 5.2.9", _basic),
    Rule("0015-19", "不含不支持的关键扩展", "GB/T 20518", _unknown),
    Rule("0015-20", "含 CRL 分发点", "GM/T 0015 5.2.9", _crl_point),
)


def check(certificate: Certificate, at: datetime, rules: Iterable[Rule] = RULES) -> list[Result]:
    """One result per rule, in their order."""
    results = []
    for rule in rules:
        verdict, found = rule.check(certificate, at)
        results.append(Result(rule.id, rule.what, rule.basis, found, verdict))
    return results


def conforms(results: Iterable[Result]) -> bool:
    return all(result.verdict != FAIL for result in results)


def as_rows(results: Iterable[Result]) -> list[dict]:
    return [{**asdict(result), "verdict_text": VERDICTS[result.verdict]} for result in results]


def text(results: Iterable[Result]) -> str:
    return "\n".join(f"{VERDICTS[r.verdict]}　{r.id}　{r.what}：{r.found}" for r in results)
