"""Network addresses as limits count them: pure."""
import ipaddress


def line(address):
    """Return what is counted for ``address``: an IPv4 address itself, of an IPv6 one its /64 network.

    Whoever has a line with IPv6 has 2^64 addresses on it. IPv4 addresses written as IPv6 are IPv4; what is no address
    stays as it is.
    """
    try:
        place = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return address
    place = getattr(place, "ipv4_mapped", None) or place
    return str(place) if place.version == 4 else str(ipaddress.IPv6Network((int(place), 64), strict=False))
