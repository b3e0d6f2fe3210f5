"""Building and checking the path from a certificate to a trusted root (GB/T 20518 §6, RFC 5280 §6).

Names, key identifiers, signatures, dates, basic constraints, path length, key usage, extended key usage and
revocation are checked for every certificate of the path; critical extensions that are not understood make it
unusable. Policies are not processed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .. import algorithms
from ..errors import CryptoError, EncodingError, VerificationFailed
from ..ports import Verifier
from ..results import CertificateVerdict
from . import oids, usage
from .certificate import Certificate
from .crl import RevocationList
from .verification import verify_signature

MAX_DEPTH = 8
MAX_TRIES = 64  # signatures checked while looking for a path: a bundle must not be able to keep us busy

# code → what is said
PROBLEMS = {
    "no_path": "找不到通向受信任根证书的证书链",
    "signature": "证书签名不成立",
    "algorithm": "签名算法或密钥长度不符合要求",
    "not_yet": "证书尚未生效",
    "expired": "证书已过期",
    "not_ca": "上级证书不是 CA 证书",
    "path_length": "证书链超过上级证书允许的长度",
    "ca_usage": "上级证书的密钥用法不含证书签发",
    "usage": "密钥用法不允许本次用途",
    "purpose": "扩展密钥用法不允许本次用途",
    "critical": "含有不支持的关键扩展",
    "revoked": "证书已吊销",
    "crl_missing": "没有可用的吊销列表",
    "crl_invalid": "吊销列表无效",
    "crl_outdated": "吊销列表不在有效期内",
}


@dataclass(frozen=True)
class Problem:
    """`certificate`: subject of the one that is wrong; `detail`: dates, reasons, never key material."""

    code: str
    certificate: str
    detail: str = ""

    def text(self) -> str:
        return f"{PROBLEMS[self.code]}（{self.certificate}）" + (f"：{self.detail}" if self.detail else "")


class CertificateRefused(VerificationFailed):
    """A certificate that is not accepted; `problems` says why, for the log and for its owner."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__("the certificate is not accepted: " + ", ".join(problem.code for problem in problems))
        self.problems = list(problems)


@dataclass
class ChainReport:
    """The path found, from the certificate to the root, and what is wrong with it."""

    path: list[Certificate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problems

    def add(self, code: str, certificate: Certificate, detail: str = "") -> None:
        self.problems.append(Problem(code, certificate.subject_text, detail))


class TrustStore:
    """Roots, intermediates and revocation lists that are at hand. Serves the port `CertificateVerifier`.

    `require_crl`: a certificate whose issuer has no current list is refused.
    """

    name = "trust-store"

    def __init__(
        self,
        roots: Iterable[Certificate],
        intermediates: Iterable[Certificate] = (),
        lists: Iterable[RevocationList] = (),
        *,
        provider: Verifier,
        require_crl: bool = False,
        user_id: bytes = algorithms.DEFAULT_ID,
    ):
        self.roots, self.intermediates, self.lists = list(roots), list(intermediates), list(lists)
        self.require_crl, self._provider, self._user_id = require_crl, provider, user_id

    def verify_certificate(self, certificate: bytes, *, at: datetime, usage: str = "sign") -> CertificateVerdict:
        """The port. Raises CertificateRefused, a VerificationFailed that knows why."""
        try:
            leaf = Certificate(certificate)
        except EncodingError as error:
            raise VerificationFailed("the certificate cannot be read") from error
        report = self.check(leaf, at=at, usage=usage)
        if not report.good:
            raise CertificateRefused(report.problems)
        return CertificateVerdict(leaf.subject_text, leaf.serial_text, leaf.not_after.isoformat(), self.name)

    def check(
        self, leaf: Certificate, *, at: datetime, usage: str = "sign", extra: Iterable[Certificate] = ()
    ) -> ChainReport:
        """Everything that is wrong, not only the first thing. `usage` is a name of `usage.PURPOSES`."""
        if at.tzinfo is None:
            raise EncodingError("a time without zone")
        report = ChainReport(self._path(leaf, [*self.intermediates, *extra]))
        if not report.path:
            report.path = [leaf]
            report.add("no_path", leaf)
        self._check_links(report)
        for depth, certificate in enumerate(report.path):
            _check_dates(report, certificate, at)
            _check_extensions(report, certificate)
            if depth:
                _check_issuer(report, certificate, report.path[1:depth])
        _check_usage(report, leaf, usage)
        for certificate, issuer in zip(report.path, report.path[1:], strict=False):
            self._check_revocation(report, certificate, issuer, at)
        return report

    # -- the path --------------------------------------------------------------------------------------------------

    def _path(self, leaf: Certificate, pool: list[Certificate]) -> list[Certificate]:
        """Depth first over issuers that fit by name and key identifier; a signature decides between equals."""
        budget = [MAX_TRIES]

        def climb(path: list[Certificate]) -> list[Certificate]:
            last = path[-1]
            if last in self.roots:
                return path
            if len(path) >= MAX_DEPTH:
                return []
            for issuer in self._issuers(last, pool):
                if issuer in path:
                    continue
                budget[0] -= 1
                if budget[0] < 0:
                    return []
                if self._signed(last, issuer):
                    found = climb([*path, issuer])
                    if found:
                        return found
            return []

        return climb([leaf]) or self._path_by_name(leaf, pool)

    def _path_by_name(self, leaf: Certificate, pool: list[Certificate]) -> list[Certificate]:
        """No signature holds all the way: the path the names promise, so that the report can say where it breaks."""
        path = [leaf]
        while path[-1] not in self.roots:
            issuer = next((one for one in self._issuers(path[-1], pool) if one not in path), None)
            if issuer is None or len(path) >= MAX_DEPTH:
                return []
            path.append(issuer)
        return path

    def _issuers(self, certificate: Certificate, pool: list[Certificate]) -> list[Certificate]:
        return [
            one
            for one in [*self.roots, *pool]
            if one.subject_key == certificate.issuer_key and _same_key(certificate, one)
        ]

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        try:
            self._verify(certificate, issuer)
        except (VerificationFailed, CryptoError):
            return False
        return True

    def _verify(self, certificate: Certificate, issuer: Certificate) -> None:
        verify_signature(
            issuer.key,
            certificate.body,
            certificate.signature,
            certificate.signature_parameters,
            self._provider,
            self._user_id,
        )

    def _check_links(self, report: ChainReport) -> None:
        for certificate, issuer in zip(report.path, report.path[1:], strict=False):
            try:
                self._verify(certificate, issuer)
            except VerificationFailed:
                report.add("signature", certificate)
            except CryptoError as error:
                if error.retryable:
                    raise
                report.add("algorithm", certificate, str(error))

    # -- revocation ------------------------------------------------------------------------------------------------

    def _check_revocation(
        self, report: ChainReport, certificate: Certificate, issuer: Certificate, at: datetime
    ) -> None:
        own = [one for one in self.lists if one.issuer_key == certificate.issuer_key]
        good: list[RevocationList] = []
        for candidate in own:
            try:
                candidate.check_issuer(issuer, self._provider, self._user_id)
                good.append(candidate)
            except VerificationFailed:
                continue
            except CryptoError as error:
                if error.retryable:
                    raise
        current = [one for one in good if one.is_current(at)]
        # the newest list decides; out of date it still proves a revocation
        newest = max(good, key=lambda one: one.this_update, default=None)
        found = newest.find(certificate.serial) if newest else None
        if found and found.at <= at:
            report.add("revoked", certificate, f"{found.at:%Y-%m-%d}，{found.reason_text}")
        elif self.require_crl and not current:
            report.add("crl_outdated" if good else "crl_invalid" if own else "crl_missing", certificate)


def _same_key(certificate: Certificate, issuer: Certificate) -> bool:
    named, own = certificate.authority_key_id, issuer.subject_key_id
    return not named or not own or named == own


def _check_dates(report: ChainReport, certificate: Certificate, at: datetime) -> None:
    if at < certificate.not_before:
        report.add("not_yet", certificate, f"自 {certificate.not_before:%Y-%m-%d} 起有效")
    if at > certificate.not_after:
        report.add("expired", certificate, f"有效期至 {certificate.not_after:%Y-%m-%d}")


def _check_extensions(report: ChainReport, certificate: Certificate) -> None:
    for oid, (critical, _value) in certificate.extensions.items():
        if critical and oid not in oids.UNDERSTOOD:
            report.add("critical", certificate, oids.EXTENSIONS.get(oid, oid))


def _check_issuer(report: ChainReport, issuer: Certificate, below: list[Certificate]) -> None:
    """`below`: the CA certificates between the leaf and this issuer; self-issued ones do not count for the length."""
    if not issuer.is_ca or issuer.version != "v3":
        report.add("not_ca", issuer)
    if issuer.usages is not None and "key_cert_sign" not in issuer.usages:
        report.add("ca_usage", issuer)
    length = sum(not certificate.self_issued for certificate in below)
    if issuer.path_length is not None and length > issuer.path_length:
        report.add("path_length", issuer)


def _check_usage(report: ChainReport, leaf: Certificate, name: str) -> None:
    code, detail = usage.allows(leaf, name)
    if code:
        report.add(code, leaf, detail)
