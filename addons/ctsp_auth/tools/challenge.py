"""What the holder of a certificate signs: text that says for what, for which host and session, and when. Pure."""
from dataclasses import dataclass

HEAD = "CTSP1"
PURPOSES = ("sign-in", "second", "bind")
SKEW = 5  # seconds between the clocks of our own servers


@dataclass(frozen=True)
class Challenge:
    purpose: str
    host: str
    session: str
    time: int
    nonce: str

    def is_fresh(self, now: int, seconds: int) -> bool:
        return -SKEW <= now - self.time <= seconds


def write(purpose: str, host: str, session: str, time: int, nonce: str) -> str:
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return "|".join((HEAD, purpose, host.replace("|", ""), session, str(time), nonce))


def read(message: str) -> Challenge:
    """Take apart what :func:`write` made; its MAC was checked before."""
    head, purpose, host, session, time, nonce = message.split("|")
    if head != HEAD:
        raise ValueError(head)
    return Challenge(purpose, host, session, int(time), nonce)
