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


def enveloped(route):
    """Answer with what ``route`` returns as ``data``, or with what it was refused for. It runs as superuser."""
    @functools.wraps(route)
    def answered(*args, **kwargs):
        reference = uuid.uuid4().hex
        request.update_env(user=SUPERUSER_ID)
        try:
            with request.env.cr.savepoint():
                data = route(*args, **kwargs)
                request.env.flush_all()
            return _json(200, reply.body(reply.OK, "OK", data, reference))
        except Refused as refusal:
            return _json(refusal.status, refusal.body(reference), refusal.data.get("retryAfter"))
        except CONFLICTS:
            raise  # Odoo tries the request again
        except CryptoUnavailable:
            refusal = Refused("unavailable", retryAfter=10)
            return _json(refusal.status, refusal.body(reference), 10)
        except Exception:
            _logger.exception("Request %s could not be answered", reference)
            return _json(500, Refused("internal").body(reference))
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
    """Return the media type of the request.

    :raise Refused: ``media_type``: another charset, or a coding of the content
    """
    asked = request.httprequest
    given = asked.mimetype_params.get("charset", charset).lower()
    coding = asked.headers.get("Content-Encoding", "identity")
    if given not in (charset, charset.replace("-", "")) or coding != "identity":
        raise Refused("media_type")
    return asked.mimetype


def _json(status, content, retry_after=None):
    headers = {"Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8",
               "X-Content-Type-Options": "nosniff"}
    if retry_after:
        headers["Retry-After"] = str(int(retry_after))
    return request.make_response(json.dumps(content, ensure_ascii=False), headers=headers, status=status)
