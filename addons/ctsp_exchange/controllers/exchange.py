from odoo import http
from odoo.http import request

from ..models.exchange_intake import LIMIT
from ..tools import http as facts
from .answers import body, enveloped, media

QUESTION_LIMIT = 1 << 16  # bytes
BASE = "/ctsp/exchange/<string:contract>/<string:backend>/<string:code>"


class Exchange(http.Controller):
    """The doors for connected systems (docs/exchange.md)."""

    @http.route(BASE, type="http", auth="none", methods=["POST"], csrf=False, save_session=False, readonly=False)
    @enveloped
    def receive(self, contract, backend, code, **_query):
        """Take a message in."""
        kind, content = media(), body(LIMIT)
        asked = facts.of(request.httprequest, content)
        return request.env["ctsp.exchange.intake"]._take(asked, content, backend, contract, code, kind)

    @http.route(
        BASE + "/<path:business_id>", type="http", auth="none", methods=["GET"], csrf=False, save_session=False,
        readonly=False)
    @enveloped
    def status(self, contract, backend, code, business_id, **_query):
        """Say what became of the messages with a business number."""
        asked = facts.of(request.httprequest)
        return request.env["ctsp.exchange.intake"]._status(asked, backend, code, business_id)

    @http.route(
        "/ctsp/exchange/<string:contract>/<string:backend>/reconcile", type="http", auth="none", methods=["POST"],
        csrf=False, save_session=False, readonly=False)
    @enveloped
    def reconcile(self, backend, **_query):
        """Answer a question of reconciliation."""
        kind, content = media(), body(QUESTION_LIMIT)
        asked = facts.of(request.httprequest, content)
        return request.env["ctsp.exchange.intake"]._reconcile(asked, content, backend, kind)

    @http.route("/ctsp/exchange/clock", type="http", auth="none", methods=["GET"], csrf=False, save_session=False)
    @enveloped
    def clock(self, **_query):
        """Tell the time, so that another system can set its clock before it signs."""
        return request.env["ctsp.exchange.intake"]._now()
