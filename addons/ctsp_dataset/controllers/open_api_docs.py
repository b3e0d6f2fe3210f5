import functools
import uuid

from odoo import http
from odoo.http import request
from odoo.tools import file_open

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_exchange.tools import reply
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..models.exchange_credential_try import NO_KEY
from ..tools import openapi_parts as parts
from .answers import send

PAGE = "ctsp_dataset/static/src/open_api"
VIEWER = "ctsp_dataset/static/lib/rapidoc/rapidoc-min.js"
PARTS = (f"{PAGE}/page.css", f"{PAGE}/words.js", f"{PAGE}/chinese.js", f"{PAGE}/sandbox.js", f"{PAGE}/page.js", VIEWER)
LIMIT = parts.PART_MIB << 20
FORM = 1 << 16
"""what the fields around a content take"""
#: nothing from elsewhere, no script within the page; the viewer sets styles of its own
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
          "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


@functools.cache
def page():
    """Return the page; its parts are asked for by their content, as browsers keep them for days."""
    with file_open(f"{PAGE}/page.html") as file:
        text = file.read()
    for path in PARTS:
        with file_open(path, "rb") as file:
            text = text.replace(f'"/{path}"', f'"/{path}?v={sm3(file.read())[:16]}"')
    return text


def told(endpoint):
    """Answer in the envelope of the interface, which the page shows like an answer of it."""
    @functools.wraps(endpoint)
    def wrapped(self, **query):
        reference = uuid.uuid4().hex
        try:
            return send(reply.body(reply.OK, "OK", endpoint(self, **query), reference), 200)
        except Refused as refusal:
            return send(refusal.body(reference), refusal.status)
    return wrapped


class OpenApiDocs(http.Controller):
    """The documentation of the open interfaces, and what is tried on it."""

    @http.route(f"{parts.PREFIX}/docs", type="http", auth="public", methods=["GET"], save_session=False, readonly=True)
    def docs(self):
        """Show the document; the viewer is served from here, nothing is fetched from elsewhere."""
        return request.make_response(page(), [
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", POLICY),
            ("Cache-Control", "no-cache"), ("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff")])

    @http.route("/ctsp/outside/open/keys", type="http", auth="public", methods=["GET"], save_session=False,
                readonly=True)
    @told
    def keys(self):
        """Say what who looks at the page may try with."""
        user = request.env.user
        try:
            keys = request.env["ctsp.exchange.credential"]._tried_by_me()
        except Refused as refusal:
            return {"signedIn": not user._is_public(), "keys": [], "message": refusal.message}
        return {
            "signedIn": True, "institution": user.partner_id.commercial_partner_id.display_name,
            "keys": [{"key": one.key, "signs": one.method == "hmac", "note": one.note or "",
                      "datasets": one.dataset_ids.filtered("current_id").mapped("code")} for one in keys],
            "message": "" if keys else NO_KEY, "token": request.csrf_token()}

    @http.route("/ctsp/outside/open/sign", type="http", auth="public", methods=["POST"], save_session=False,
                max_content_length=LIMIT + FORM)
    @told
    def sign(self, key="", method="", target="", content=None, **_form):
        """Sign a request that who is signed in tries with a test key of his institution."""
        if not all(isinstance(one, str) for one in (key, method, target)):
            raise Refused("form", "key、method、target 应为文本")
        body = content.read() if hasattr(content, "read") else b""
        if body:
            content.seek(0)  # after a conflict Odoo tries the request again
        headers = request.env["ctsp.exchange.credential"]._sign_try(key, method, target, body)
        return {"headers": headers, "digest": sm3(body)}
