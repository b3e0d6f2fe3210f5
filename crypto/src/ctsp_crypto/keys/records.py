"""A key as it lies in a store: wrapped, with everything that is known about it, and a MAC over all of that."""

import hmac
from dataclasses import asdict, dataclass, replace

from ..errors import EncodingError, VerificationFailed
from ..sealing.files import canonical
from ..secret import Secret

FORMAT = "ctsp-key/1"
ACTIVE, DECRYPT_ONLY, DESTROYED = "active", "decrypt_only", "destroyed"
STATES = {ACTIVE: "使用中", DECRYPT_ONLY: "只解密", DESTROYED: "已销毁"}

SM4, HMAC_SM3, SM2 = "SM4", "HMAC-SM3", "SM2"
SIZES = {SM4: 16, HMAC_SM3: 32, SM2: 32}

DOMAIN, DATA = "domain", "data"


@dataclass(frozen=True)
class KeyRecord:
    """One version of one key.

    `id`: domain/<name> or data/<purpose>; `parent`, `parent_version`: what wraps it (root, or a domain key);
    `wrapped`: hex, empty once destroyed; `public`: hex of 04‖x‖y for SM2; `check`: check value; `note`: who
    destroyed it and why. Times are ISO 8601, UTC.
    """

    id: str
    version: int
    kind: str
    algorithm: str
    parent: str
    parent_version: int
    wrapped: str
    check: str
    created_at: str
    state: str = ACTIVE
    public: str = ""
    changed_at: str = ""
    note: str = ""
    mac: str = ""

    def aad(self) -> bytes:
        """What the wrapped key is bound to: it cannot be unwrapped as another key, version, algorithm or below
        another parent.
        """
        return canonical([FORMAT, self.id, self.version, self.kind, self.algorithm, self.parent, self.parent_version])

    def body(self) -> bytes:
        return canonical([FORMAT, {key: value for key, value in asdict(self).items() if key != "mac"}])

    def sealed(self, integrity: Secret) -> "KeyRecord":
        return replace(self, mac=hmac.digest(integrity.reveal(), self.body(), "sm3").hex())

    def check_mac(self, integrity: Secret) -> None:
        expected = hmac.digest(integrity.reveal(), self.body(), "sm3").hex()
        if not hmac.compare_digest(expected, self.mac):
            raise VerificationFailed(f"the record of key {self.id} version {self.version} was changed")

    def as_dict(self) -> dict:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_dict(cls, data: dict) -> "KeyRecord":
        if data.get("format") != FORMAT:
            raise EncodingError("not a key record")
        try:
            return cls(**{key: value for key, value in data.items() if key != "format"})
        except TypeError as error:
            raise EncodingError("not a key record") from error

    def __repr__(self) -> str:
        return f"KeyRecord({self.id}, {self.version}, {self.state})"
