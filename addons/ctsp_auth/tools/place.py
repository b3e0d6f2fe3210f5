"""Where a challenge belongs: the host and the session of the request that asked for it."""
from odoo.http import STORED_SESSION_BYTES, request


def place() -> tuple[str, str]:
    return request.httprequest.host, request.session.sid[:STORED_SESSION_BYTES]
