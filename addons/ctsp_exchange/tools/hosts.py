"""Where the platform may send requests to: the hosts that the operator named, and nothing else (SSRF).

They are named in the environment, not in the database: who can change a row cannot point it inwards. Pure but for
:func:`configured`.
"""
import ipaddress
import os
from urllib.parse import urlsplit

HOSTS = "CTSP_EXCHANGE_HOSTS"
LOOPBACK = "CTSP_EXCHANGE_LOOPBACK"
PORTS = {"http": 80, "https": 443}
PUBLIC = "public"
"""among the allowed: any host of the open Internet"""
INNER = frozenset({"local", "localhost", "internal", "intranet", "lan", "home", "corp"})
WRAPPED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""addresses of IPv6 that carry one of IPv4 within"""


def configured() -> frozenset[str]:
    """Return the hosts of the environment; ``loopback`` stands for this host, in development only."""
    names = {name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()}
    if os.environ.get(LOOPBACK) == "1":
        names.add("loopback")
    return frozenset(names)


def check(url: str, allowed: frozenset[str]) -> str:
    """Return ``url`` without a trailing slash.

    :param allowed: ``host`` (its https port) or ``host:port``; ``loopback``: http and https of this host
    :raise ValueError: ``form``, ``scheme``, ``credentials``, ``host``
    """
    try:
        parts = urlsplit(url or "")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ValueError("form") from None
    if parts.scheme not in PORTS:
        raise ValueError("scheme")
    if parts.username or parts.password:
        raise ValueError("credentials")
    if not host or parts.query or parts.fragment or any(char.isspace() or char == "\\" for char in url):
        raise ValueError("form")
    if "loopback" in allowed and is_loopback(host):
        return url.rstrip("/")
    if parts.scheme != "https":
        raise ValueError("scheme")
    if not (is_public(host) if PUBLIC in allowed else _named(host, port or PORTS["https"], allowed)):
        raise ValueError("host")
    return url.rstrip("/")


def is_public(host: str) -> bool:
    """Say whether ``host`` may be a machine of somebody else: a name, or an address of the open Internet.

    A name says nothing yet: what it stands for is checked when it is looked up (:mod:`.pinned`).
    """
    try:
        place = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        # a name has a letter in its last part: 127.1, 0x7f000001 and such are addresses to some, names to nobody
        last = host.rstrip(".").rpartition(".")
        return bool(last[0]) and last[2].isalpha() and last[2] not in INNER
    place = getattr(place, "ipv4_mapped", None) or place
    if place.version == 6 and any(place in network for network in WRAPPED):
        return False
    return place.is_global and not place.is_multicast and not place.is_reserved


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this machine by its name or number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def within(address: str | None, networks: str | None) -> bool:
    """Say whether ``address`` lies in one of ``networks`` (text, by commas); none given: everywhere is good."""
    wanted = [part.strip() for part in (networks or "").split(",") if part.strip()]
    if not wanted:
        return True
    try:
        place = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in network for network in map(_network, wanted) if network and network.version == place.version)


def check_networks(networks: str | None) -> None:
    """:raise ValueError: the part that is no address and no network"""
    for part in filter(None, (part.strip() for part in (networks or "").split(","))):
        if _network(part) is None:
            raise ValueError(part)


def _network(text):
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _named(host, port, allowed):
    return f"{host}:{port}" in allowed or (port == PORTS["https"] and host in allowed)
