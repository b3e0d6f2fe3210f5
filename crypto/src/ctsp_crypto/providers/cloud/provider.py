"""`CloudProvider`: the two services as one provider."""
from collections.abc import Mapping, Sequence

from ...errors import CryptoError
from ...material import PublicKey
from ...ports import CertificateVerifier
from ...results import Health
from ..standard import StandardProvider
from . import wire
from .data import DataService
from .keys import PublicKeys
from .settings import Service
from .signatures import SignatureService
from .transport import Clocks, Transport


class CloudProvider(SignatureService, DataService):
    """Macer, Cipher, Signer, Verifier, PublicKeyCipher, RandomSource, CertificateVerifier, TimeStamper.

    Keys are `KeyHandle(locator=name in the cloud, version=…)`. Digests are no business of the cloud's.
    `pinned`: public keys that are known beforehand; `stampers`: of the time stamp authority (none: no time stamps),
    which people know by the name `authority`; `trusted`: a `certificates.TrustStore` whose verdict must agree with the
    service's.
    """

    name = "cloud"

    def __init__(
        self, signatures: Service, data: Service, *, pinned: Mapping[tuple[str, int], bytes] | None = None,
        stampers: Sequence[PublicKey] = (), authority: str = "", trusted: CertificateVerifier | None = None,
        read_back: bool = True, clocks: Clocks | None = None,
    ):
        self._signatures, self._data = Transport(signatures, clocks), Transport(data, clocks)
        self._keys = PublicKeys(self._signatures, pinned)
        self._local, self._read_back = StandardProvider(), read_back
        self._stampers, self._authority, self._trusted = tuple(stampers), authority, trusted
        self._canaries = {}

    @property
    def unserved(self) -> dict[str, str]:
        """Ports that this configuration leaves out, and why: a time stamp nobody here can verify is none."""
        return {} if self._stampers else {"time_stamper": "“stamper”, the authority's key, is not given"}

    def health(self) -> Health:
        checks = tuple((name, check(transport)) for name, transport in (
            ("signatures", self._signatures), ("data", self._data)))
        wrong = "; ".join(f"{name}: {problem}" for name, problem in checks if problem)
        return Health(self.name, not wrong, wrong or "both services answer", checks)

    def close(self) -> None:
        self._signatures.close()
        self._data.close()


def check(transport: Transport) -> str:
    """"" or what is wrong with a service, in one attempt."""
    try:
        answer = transport.call("GET", "/v1/health", repeatable=False)
        return "" if wire.text(answer, "status") == "ready" else f"says it is {wire.text(answer, 'status')}"
    except CryptoError as error:
        return str(error)
