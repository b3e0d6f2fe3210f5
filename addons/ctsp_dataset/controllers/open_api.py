import io
import uuid

from odoo import http
from odoo.http import request

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi
from ..tools import openapi_parts as parts
from ..tools.json_schema import row_schema
from .answers import admitted, answered, content, media, own, request_id, route, send, submission, version, whole

PREFIX = parts.PREFIX
PAGE = 200


class OpenApi(http.Controller):
    """The open interfaces (标准开放接口): signed requests of institutions' systems. See docs/open-api.md."""

    # ---- open to everybody: what is said there is public

    @http.route(f"{PREFIX}/openapi.json", type="http", auth="public", methods=["GET"], save_session=False,
                readonly=True)
    def document(self):
        """Send the OpenAPI document of what is published."""
        datasets = request.env["ctsp.dataset"].sudo().search([])  # sudo: published standards are public
        current, older = datasets.current_id, datasets._accepted() - datasets.current_id
        document = openapi.document([one._definition() for one in current], older=[one._definition() for one in older])
        return request.make_json_response(document, headers=[("Cache-Control", "public, max-age=60")])

    @http.route([PREFIX, f"{PREFIX}/<path:rest>"], type="http", auth="public", csrf=False, save_session=False,
                readonly=True)
    def elsewhere(self, rest="", **_query):
        """Say in the envelope that nothing is here, or not by this method."""
        allowed = ["GET"] if rest in ("openapi.json", "docs") else parts.methods(f"/{rest}")
        refusal = Refused("method", allowed=allowed) if allowed else Refused("not_found", "没有这个地址")
        return send(refusal.body(uuid.uuid4().hex), refusal.status)

    # ---- signed

    @route("/datasets", "GET")
    @answered
    def datasets(self, call, **_query):
        """List what the key may report."""
        credential = admitted(call)
        return {"items": [{"code": dataset.code, "name": dataset.name, "version": dataset.current_id.number,
                 "versions": dataset._accepted().mapped("number"),
                 "digest": dataset.current_id.digest, "mode": dataset.current_id.mode}
                for dataset in credential.dataset_ids if dataset.current_id],
                "quota": {"dailyRows": credential.daily_rows, "minuteRequests": credential.minute_requests},
                "test": credential.is_sandbox}

    @route("/datasets/<string:code>/schema", "GET")
    @answered
    def schema(self, call, code, **query):
        """Send the JSON Schema of a row."""
        admitted(call)
        return row_schema(version(call, code, query.get("version"))._definition())

    @route("/datasets/<string:code>/submissions", "POST")
    @answered
    def submit(self, call, code, **query):
        """Receive one or many rows."""
        kind = parts.TYPES[media(*parts.TYPES)]
        # sudo: nobody is signed in yet; the limit is the platform's own
        body = content(request.env["ctsp.parameter"].sudo()._get("dataset.max_megabytes") << 20)
        digest = sm3(body)
        credential = admitted(call, digest)
        wanted = request_id(query.get("requestId"))
        found = version(call, code, query.get("version"))
        received, duplicate = request.env["ctsp.dataset.submission"].sudo()._receive(  # sudo: the key was checked
            found, credential.partner_id.commercial_partner_id, wanted, io.BytesIO(body), kind, digest, len(body),
            credential, request.httprequest.remote_addr)
        call.submission = received
        return {**received._receipt(), "duplicate": duplicate}

    @route("/submissions", "GET")
    @answered
    def submissions(self, call, **query):
        """List own submissions, newest first."""
        domain = own(admitted(call))
        if code := query.get("dataset"):
            if not parts.CODE_FORM.fullmatch(code):
                raise Refused("form", "dataset 不是数据集代码")
            domain.append(("dataset_id.code", "=", code))
        if before := query.get("before"):
            domain.append(("id", "<", submission(call, before).id))
        found = request.env["ctsp.dataset.submission"].sudo().search(domain, limit=50)  # sudo: own ones by the domain
        return {"items": [one._receipt(findings=0) for one in found]}

    @route("/submissions/<string:number>", "GET")
    @answered
    def submission(self, call, number, **_query):
        """Send a receipt."""
        admitted(call)
        return submission(call, number)._receipt()

    @route("/submissions/<string:number>/findings", "GET")
    @answered
    def findings(self, call, number, **query):
        """Send a page of the report."""
        admitted(call)
        found = submission(call, number)
        offset = whole("offset", query.get("offset", "0"), 0, 999_999_999)
        return {"total": found.finding_total, "items": list(found._report(offset, PAGE))}
