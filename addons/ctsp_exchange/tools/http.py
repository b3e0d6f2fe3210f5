"""The facts of a request that keys are judged by. Pure."""
from dataclasses import dataclass
from urllib.parse import quote

from . import signing


@dataclass(frozen=True)
class Request:
    """``target``: path and query as sent; ``digest``: SM3 of the body; ``address``: where it came from."""

    method: str
    target: str
    headers: dict
    digest: str
    address: str | None


def of(httprequest, body: bytes = b"", digest: str | None = None) -> Request:
    """Return the facts of a Werkzeug request.

    :param digest: SM3 of a body that was streamed to a file
    """
    return Request(
        httprequest.method, target(httprequest.environ), httprequest.headers, digest or signing.digest(body),
        httprequest.remote_addr)


def target(environ) -> str:
    """Return path and query as the client wrote them.

    Odoo's server (Werkzeug) keeps the line as it came; where none is kept, the path is quoted anew.
    """
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw:
        if raw.startswith(("http://", "https://")):
            raw = "/" + raw.split("/", 3)[3] if raw.count("/") > 2 else "/"
        return raw
    path = quote(environ.get("PATH_INFO", "").encode("latin-1"))
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
