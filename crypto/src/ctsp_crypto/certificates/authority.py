"""A small certificate authority for development and tests. NOT FOR PRODUCTION: its keys lie in files, it keeps
no audit and answers to nobody.

Every certificate it makes names the organisation “测试用，不得用于生产”. It can make good ones and, for tests,
bad ones: any date, usage, path length, extension or signature algorithm may be asked for.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import core, crl, csr, keys, pem, x509

from .. import algorithms
from . import names
from .certificate import Certificate, read_key
from .crl import RevocationList
from .private import SigningPair, make_pair

WARNING = "测试用，不得用于生产"


@dataclass(frozen=True)
class Request:
    """What a certificate is to say. `purposes`: dotted; `extra`: further extensions as (oid, critical, DER)."""

    subject: list[tuple[str, str]]
    usages: Sequence[str] = ("digital_signature", "non_repudiation")
    purposes: Sequence[str] = ()
    ca: bool = False
    path_length: int | None = None
    days: int = 365
    not_before: datetime | None = None
    crl_url: str = ""
    dns_names: Sequence[str] = ()
    extra: Sequence[tuple[str, bool, bytes]] = ()
    key_form: str = "curve"  # or "sm2": the SM2 identifier itself


@dataclass
class Authority:
    """A CA: its certificate, its key, and what it has revoked."""

    pair: SigningPair
    certificate: Certificate
    provider: object
    now: datetime
    user_id: bytes = algorithms.DEFAULT_ID
    revoked: list[tuple[int, datetime, str]] = field(default_factory=list)

    @classmethod
    def root(
        cls, provider, now: datetime, kind: str = "SM2", name: str = "测试根 CA", days: int = 3650, **more
    ) -> "Authority":
        pair = make_pair(kind, provider)
        request = Request(ca_name(name), usages=("key_cert_sign", "crl_sign"), ca=True, days=days, **more)
        certificate = _make(
            request, pair.spki(request.key_form), pair, names.build(request.subject), None, now, provider
        )
        return cls(pair, certificate, provider, now)

    def issue(self, request: Request, spki: bytes) -> Certificate:
        """A certificate over somebody's public key."""
        return _make(
            request, spki, self.pair, self.certificate.subject, self.certificate, self.now, self.provider, self.user_id
        )

    def issue_with_key(self, request: Request, kind: str | None = None) -> tuple[Certificate, SigningPair]:
        pair = make_pair(kind or self.pair.kind, self.provider)
        return self.issue(request, pair.spki(request.key_form)), pair

    def intermediate(
        self, name: str = "测试中级 CA", path_length: int | None = 0, kind: str | None = None, **more
    ) -> "Authority":
        request = Request(
            ca_name(name), usages=("key_cert_sign", "crl_sign"), ca=True, path_length=path_length, days=1825, **more
        )
        certificate, pair = self.issue_with_key(request, kind)
        return Authority(pair, certificate, self.provider, self.now)

    def dual(
        self, subject: list[tuple[str, str]], **more
    ) -> tuple[tuple[Certificate, SigningPair], tuple[Certificate, SigningPair]]:
        """A signature and an encryption certificate of one subject."""
        encryption = ("key_encipherment", "data_encipherment", "key_agreement")
        return (
            self.issue_with_key(Request(subject, **more)),
            self.issue_with_key(Request(subject, usages=encryption, **more)),
        )

    def revoke(self, certificate: Certificate, reason: str = "key_compromise", at: datetime | None = None) -> None:
        self.revoked.append((certificate.serial, at or self.now, reason))

    def crl(self, number: int = 1, this_update: datetime | None = None, days: int = 7) -> RevocationList:
        """The list of everything revoked so far."""
        start = this_update or self.now
        body = crl.TbsCertList(
            {
                "version": "v2",
                "signature": self.pair.algorithm,
                "issuer": self.certificate.subject,
                "this_update": _time(start),
                "next_update": _time(start + timedelta(days=days)),
                "revoked_certificates": [_revoked(*entry) for entry in self.revoked] or None,
                "crl_extensions": [
                    {
                        "extn_id": "authority_key_identifier",
                        "critical": False,
                        "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": self.certificate.subject_key_id}),
                    },
                    {"extn_id": "crl_number", "critical": False, "extn_value": core.Integer(number)},
                ],
            }
        )
        signature = self.pair.sign(body.dump(), self.provider, self.user_id)
        whole = crl.CertificateList(
            {"tbs_cert_list": body, "signature_algorithm": self.pair.algorithm, "signature": signature}
        )
        return RevocationList(whole.dump())


def ca_name(name: str) -> list[tuple[str, str]]:
    return [("C", "CN"), ("O", WARNING), ("CN", name)]


def request_for(pair: SigningPair, subject: list[tuple[str, str]], provider, form: str = "curve") -> bytes:
    """A PKCS#10 request, DER."""
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": names.build(subject),
            "subject_pk_info": keys.PublicKeyInfo.load(pair.spki(form)),
            "attributes": [],
        }
    )
    signature = pair.sign(info.dump(), provider, algorithms.DEFAULT_ID)
    return csr.CertificationRequest(
        {"certification_request_info": info, "signature_algorithm": pair.algorithm, "signature": signature}
    ).dump()


def armor(kind: str, der: bytes) -> bytes:
    return pem.armor(kind, der)


def _make(
    request, spki, signer, issuer, issuer_certificate, now, provider, user_id=algorithms.DEFAULT_ID
) -> Certificate:
    start = request.not_before or now - timedelta(minutes=5)
    public = x509.PublicKeyInfo.load(spki)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": int.from_bytes(b"\x01" + secrets.token_bytes(15), "big"),
            "signature": signer.algorithm,
            "issuer": issuer,
            "validity": {"not_before": _time(start), "not_after": _time(start + timedelta(days=request.days))},
            "subject": names.build(request.subject),
            "subject_public_key_info": public,
            "extensions": _extensions(request, spki, issuer_certificate),
        }
    )
    signature = signer.sign(body.dump(), provider, user_id)
    whole = x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": signer.algorithm, "signature_value": signature}
    )
    return Certificate(whole.dump())


def _extensions(request: Request, spki: bytes, issuer: Certificate | None) -> list[dict]:
    own = read_key(spki).identifier
    above = issuer.subject_key_id if issuer else own
    constraints = {"ca": request.ca, "path_len_constraint": request.path_length}
    found = [
        _extension("basic_constraints", True, x509.BasicConstraints(constraints)),
        _extension("key_identifier", False, core.OctetString(own)),
        _extension("authority_key_identifier", False, x509.AuthorityKeyIdentifier({"key_identifier": above})),
    ]
    if request.usages:
        found.append(_extension("key_usage", True, x509.KeyUsage(set(request.usages))))
    if request.purposes:
        found.append(_extension("extended_key_usage", False, x509.ExtKeyUsageSyntax(list(request.purposes))))
    if request.dns_names:
        names = x509.GeneralNames([x509.GeneralName("dns_name", name) for name in request.dns_names])
        found.append(_extension("subject_alt_name", False, names))
    if request.crl_url:
        found.append(_extension("crl_distribution_points", False, _distribution(request.crl_url)))
    for oid, critical, der in request.extra:
        found.append({"extn_id": oid, "critical": critical, "extn_value": core.ParsableOctetString(der)})
    return found


def _distribution(url: str) -> x509.CRLDistributionPoints:
    name = x509.GeneralName("uniform_resource_identifier", url)
    return x509.CRLDistributionPoints([{"distribution_point": x509.DistributionPointName("full_name", [name])}])


def _extension(name: str, critical: bool, value) -> dict:
    return {"extn_id": name, "critical": critical, "extn_value": value}


def _revoked(serial: int, at: datetime, reason: str) -> dict:
    return {
        "user_certificate": serial,
        "revocation_date": _time(at),
        "crl_entry_extensions": [{"extn_id": "crl_reason", "critical": False, "extn_value": crl.CRLReason(reason)}],
    }


def _time(moment: datetime) -> x509.Time:
    moment = moment.replace(microsecond=0)
    return x509.Time("utc_time" if moment.year < 2050 else "general_time", moment)
