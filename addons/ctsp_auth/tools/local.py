"""Where somebody is sent after he signed in: to a place on this server only. Pure."""
from urllib.parse import urlsplit


def local(place: object) -> str | None:
    """Return ``place``, as it came from outside, if it is one on this server, None otherwise.

    Browsers drop tabs and line ends and take a backslash for a slash: ``/\\t/example.org`` leads away.
    """
    if not isinstance(place, str) or not place.startswith("/") or place.startswith("//"):
        return None
    if "\\" in place or any(ord(letter) <= 32 for letter in place):
        return None
    try:
        parts = urlsplit(place)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else place
