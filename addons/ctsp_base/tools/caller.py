"""Where a call comes from: address, path and identifier of the request that is being served.

Odoo hides the request while it serves a call of the old protocols (XML-RPC, JSON-RPC); :func:`kept` remembers its
facts for that while, on the thread that serves it.
"""
import threading
import uuid
from contextlib import contextmanager

from odoo.http import request

NAME = "ctsp_caller"


def facts():
    """Return ``{"ip", "path", "request_id"}`` of the request, an empty dict where there is none."""
    if not request:
        return getattr(threading.current_thread(), NAME, {})
    if not hasattr(request, NAME):
        given = request.httprequest.headers.get("X-Request-Id", "")[:64]
        setattr(request, NAME, {
            "ip": request.httprequest.remote_addr, "path": request.httprequest.path,
            "request_id": given or uuid.uuid4().hex,
        })
    return getattr(request, NAME)


@contextmanager
def kept():
    """Keep the facts of the present request while it is hidden."""
    thread = threading.current_thread()
    setattr(thread, NAME, facts())
    try:
        yield
    finally:
        delattr(thread, NAME)
