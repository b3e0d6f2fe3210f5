"""Signed checkpoints, kept apart from what they vouch for (another host, a write-once share, the platform).

After each run of sealing one file `00000042.json` is written: body (sequence, time, host, digest of the
checkpoint before, for every source the head of its latest journal or snapshots) and a signature over the
canonical body: SM2 with the sealing certificate's key, else HMAC-SM3, which proves nothing to a third party and
says so in `algorithm`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import algorithms
from ..errors import VerificationFailed
from ..material import PrivateKey, PublicKey
from .files import canonical, make_folder, write_atomically
from .journal import Chainer
from .report import Finding

FORMAT = "ctsp-seal-checkpoint/1"
Sign = Callable[[bytes], bytes]


class Sealer:
    """Signs and verifies the bodies of checkpoints. Without an SM2 key it falls back on the HMAC key of the
    journals.
    """

    def __init__(
        self, chainer: Chainer, provider=None, private: PrivateKey | None = None, public: PublicKey | None = None
    ):
        self._chainer, self._provider, self._private, self._public = chainer, provider, private, public
        self.algorithm = algorithms.SM2_SIGN if private or public else algorithms.HMAC_SM3

    def sign(self, body: bytes) -> bytes:
        if self.algorithm == algorithms.HMAC_SM3:
            return self._chainer.mac(b"checkpoint" + body)
        return self._provider.sign(self._private, body).value

    def holds(self, body: bytes, signature: bytes, algorithm: str) -> bool:
        if algorithm != self.algorithm:
            return False
        if algorithm == algorithms.HMAC_SM3:
            return hmac.compare_digest(self._chainer.mac(b"checkpoint" + body), signature)
        try:
            self._provider.verify(self._public or self._provider.public_key(self._private), body, signature)
        except VerificationFailed:
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    body: dict
    digest: str

    @property
    def sequence(self) -> int:
        return self.body["sequence"]


class Checkpoints:
    """The folder of checkpoints."""

    def __init__(self, folder: Path, sealer: Sealer):
        self.folder, self._sealer = folder, sealer

    def paths(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]" * 8 + ".json"))

    def add(self, host: str, now: float, heads: dict, previous: dict) -> dict:
        """Writes the next checkpoint; `previous` is sequence and digest of the one before, as the state remembers it.
        """
        sequence = previous.get("sequence", 0) + 1
        body = {
            "format": FORMAT,
            "sequence": sequence,
            "previous": previous.get("digest", ""),
            "host": host,
            "at": round(now, 3),
            "heads": heads,
        }
        signature = self._sealer.sign(canonical(body))
        content = canonical({"body": body, "algorithm": self._sealer.algorithm, "signature": signature.hex()}) + b"\n"
        make_folder(self.folder)
        write_atomically(self.folder / f"{sequence:08d}.json", content)
        return {"sequence": sequence, "digest": digest(content)}

    def read(self, path: Path) -> Checkpoint:
        """Raises VerificationFailed if it is not what was signed."""
        try:
            content = path.read_bytes()
            data = json.loads(content)
            if canonical(data) + b"\n" != content:
                raise ValueError
            body, signature = data["body"], bytes.fromhex(data["signature"])
            good = self._sealer.holds(canonical(body), signature, data["algorithm"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VerificationFailed("the checkpoint cannot be read") from error
        if not good or path.name != f"{body['sequence']:08d}.json":
            raise VerificationFailed("the signature of the checkpoint does not hold")
        return Checkpoint(body, digest(content))

    def verify(self, last: dict) -> tuple[list[Checkpoint], list[Finding]]:
        """All checkpoints that hold, and what is wrong with the others. `last`: the newest one the state knows of."""
        good: list[Checkpoint] = []
        findings: list[Finding] = []
        expected, chain = 1, ""
        for path in self.paths():
            number = int(path.stem)
            if number > expected:
                findings.append(_missing(expected, number - 1))
                chain = None
            try:
                checkpoint = self.read(path)
                if chain is not None and checkpoint.body["previous"] != chain:
                    raise VerificationFailed("another checkpoint came before")
                good.append(checkpoint)
                chain = checkpoint.digest
            except VerificationFailed:
                findings.append(
                    Finding("checkpoint_damaged", "检查点", f"检查点 {number} 被改动或不是本机签名", path=str(path))
                )
                chain = None
            expected = number + 1
        if last.get("sequence", 0) >= expected:
            findings.append(_missing(expected, last["sequence"]))
        elif last and good and good[-1].sequence == last["sequence"] and good[-1].digest != last["digest"]:
            findings.append(
                Finding("checkpoint_damaged", "检查点", f"检查点 {last['sequence']} 不是封存时写下的那一个")
            )
        return good, findings


def digest(content: bytes) -> str:
    return hashlib.new("sm3", content).hexdigest()


def _missing(first: int, last: int) -> Finding:
    text = f"检查点 {first} 缺失" if first == last else f"检查点 {first} 至 {last} 缺失"
    return Finding("checkpoint_missing", "检查点", text)


def wanted(checkpoints: list[Checkpoint], source: str) -> dict[str, dict[int, str]]:
    """What checkpoints say about the journals of a log: stream → number of lines → chain."""
    result: dict[str, dict[int, str]] = {}
    for checkpoint in checkpoints:
        head = checkpoint.body["heads"].get(source)
        if head and "stream" in head:
            result.setdefault(head["stream"], {})[head["number"]] = head["chain"]
    return result


def newest_head(checkpoints: list[Checkpoint], source: str) -> dict:
    return next((c.body["heads"][source] for c in reversed(checkpoints) if source in c.body["heads"]), {})
