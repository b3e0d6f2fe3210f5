"""Where a service is and how patient we are with it."""
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...errors import PolicyError
from ...secret import Secret


@dataclass(frozen=True)
class Service:
    """One service. Times in seconds, sizes in bytes.

    Clear HTTP is for the loopback interface only (a TLCP gateway on this host); all else is HTTPS, with `ca_file` where
    the service's CA is not a public one, and a client certificate where it asks for one.
    """

    url: str
    app: str
    secret: Secret
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""
    connect_timeout: float = 2.0
    read_timeout: float = 5.0
    deadline: float = 15.0  # of one call with all its attempts
    attempts: int = 3
    first_pause: float = 0.1
    longest_pause: float = 2.0
    failures: int = 5  # in a row, and the circuit opens
    rest: float = 10.0  # before one call may try whether the service is back
    connections: int = 8
    batch: int = 500  # items per call
    batch_bytes: int = 4_000_000  # of their content
    answer_bytes: int = 64_000_000

    def __post_init__(self):
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise PolicyError("the address of a cloud service is https://host…")
        if address.scheme == "http" and not is_loopback(address.hostname):
            raise PolicyError("a cloud service is reached by HTTPS, by HTTP on the loopback interface only")
        if len(self.secret) < 16:
            raise PolicyError("the secret shared with a cloud service has at least 16 bytes")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
