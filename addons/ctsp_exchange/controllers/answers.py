"""What routes of interfaces share: the body within its bounds, every answer in the envelope, no error in HTML."""
import functools
import json
import logging
import uuid

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import SUPERUSER_ID
from odoo.http import request

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable

from ..tools import reply
from ..tools.pump import CONFLICTS
from ..tools.reply import Refused

_logger = logging.getLogger(__name__)
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def enveloped(route):
    """Answer with what ``route`` returns as ``data``, or with what it was refused for. It runs as superuser.

    What is refused of a ``backend`` leaves nothing behind but its count.
    """
    @functools.wraps(route)
    def answered(*args, **kwargs):
        reference = uuid.uuid4().hex
        request.update_env(user=SUPERUSER_ID)
        try:
            with request.env.cr.savepoint():
                data = route(*args, **kwargs)
                request.env.flush_all()
            return _json(200, reply.body(reply.OK, "OK", data, reference))
        except Refused as refused:
            refusal = refused
        except CONFLICTS:
            raise  # Odoo tries the request again
        except CryptoUnavailable:
            refusal = Refused("unavailable", retryAfter=10)
        except Exception:
            _logger.exception("Request %s could not be answered", reference)
            refusal = Refused("internal")
        if "backend" in kwargs and request.httprequest.method == "POST":
            request.env["ctsp.exchange.refusal"]._note(
                refusal, kwargs["backend"], kwargs.get("code", "reconcile"), request.httprequest.remote_addr)
        return _json(refusal.status, refusal.body(reference), refusal.data.get("retryAfter"))
    return answered


def body(limit):
    """Return the body of the request. Forms have been read by Odoo before: ask for the media type first.

    :raise Refused: ``too_large``, before it is read where its length is given
    """
    asked = request.httprequest
    if asked.content_length and asked.content_length > limit:
        raise Refused("too_large", limit=limit)
    asked.max_content_length = limit
    try:
        return asked.get_data()  # kept: after a conflict Odoo tries the request again
    except RequestEntityTooLarge:
        raise Refused("too_large", limit=limit) from None


def media(charset="utf-8"):
    """Return the media type of the request; None for another charset or a coding of the content. It is refused once it
    is known who sent it.

    :raise Refused: ``media_type``: a form, which Odoo has read before: there is nothing left to verify
    """
    asked = request.httprequest
    if asked.mimetype in FORMS:
        raise Refused("media_type")
    given = asked.mimetype_params.get("charset", charset).lower()
    coding = asked.headers.get("Content-Encoding", "identity")
    if given not in (charset, charset.replace("-", "")) or coding != "identity":
        return None
    return asked.mimetype


def _json(status, content, retry_after=None):
    headers = {"Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8",
               "X-Content-Type-Options": "nosniff"}
    if retry_after:
        headers["Retry-After"] = str(int(retry_after))
    return request.make_response(json.dumps(content, ensure_ascii=False), headers=headers, status=status)
