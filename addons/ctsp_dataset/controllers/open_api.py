import functools
import io
import uuid

from odoo import http
from odoo.http import request

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_exchange.tools import http as facts
from odoo.addons.ctsp_exchange.tools import reply
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi
from ..tools.json_schema import row_schema

PREFIX = openapi.PREFIX
PAGE = 200
TYPES = {
    "application/json": "json", "application/x-ndjson": "ndjson", "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
PAGE_HTML = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>标准开放接口</title>
<script src="/ctsp_dataset/static/lib/rapidoc/rapidoc-min.js"></script></head>
<body style="margin:0"><rapi-doc spec-url="{PREFIX}/openapi.json" load-fonts="false" allow-try="false"
 allow-authentication="false" allow-server-selection="false" show-header="false" render-style="focused"
 schema-style="table" schema-description-expanded="true" regular-font="Noto Sans CJK SC, Microsoft YaHei, sans-serif"
 theme="light" primary-color="#1f4e79" allow-spec-file-load="false" allow-spec-url-load="false"></rapi-doc>
</body></html>
"""
HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


def answered(endpoint):
    """Wrap what ``endpoint`` returns, or refuses, into the envelope of every answer."""
    @functools.wraps(endpoint)
    def wrapped(self, *args, **kwargs):
        request_id = uuid.uuid4().hex
        try:
            with request.env.cr.savepoint():
                body, status = reply.body(reply.OK, "OK", endpoint(self, *args, **kwargs), request_id), 200
        except Refused as refusal:
            body, status = refusal.body(request_id), refusal.status
        headers = list(HEADERS)
        if wait := isinstance(body["data"], dict) and body["data"].get("retryAfter"):
            headers.append(("Retry-After", str(wait)))
        return request.make_json_response(body, headers=headers, status=status)
    return wrapped


def route(path, method):
    return http.route(f"{PREFIX}{path}", type="http", auth="public", methods=[method], csrf=False, save_session=False,
                      readonly=False)


class OpenApi(http.Controller):
    """The open interfaces (标准开放接口): signed requests of institutions' systems. See docs/dataset.md."""

    # ---- open to everybody: what is said there is public

    @http.route(f"{PREFIX}/openapi.json", type="http", auth="public", methods=["GET"], save_session=False,
                readonly=True)
    def document(self):
        """Send the OpenAPI document of what is published."""
        versions = request.env["ctsp.dataset"].sudo().search([]).current_id  # sudo: published standards are public
        document = openapi.document([version._definition() for version in versions])
        return request.make_json_response(document, headers=[("Cache-Control", "public, max-age=60")])

    @http.route(f"{PREFIX}/docs", type="http", auth="public", methods=["GET"], save_session=False, readonly=True)
    def docs(self):
        """Show the document; the viewer is served from here, nothing is fetched from elsewhere."""
        return request.make_response(PAGE_HTML, [("Content-Type", "text/html; charset=utf-8")])

    # ---- signed

    @route("/datasets", "GET")
    @answered
    def datasets(self, **_query):
        """List what the key may report."""
        credential = self._admitted()
        return {"items": [{"code": dataset.code, "name": dataset.name, "version": dataset.current_id.number,
                 "versions": dataset.version_ids.filtered(lambda v: v.state == "published").mapped("number"),
                 "digest": dataset.current_id.digest} for dataset in credential.dataset_ids if dataset.current_id]}

    @route("/datasets/<string:code>/schema", "GET")
    @answered
    def schema(self, code, version=None, **_query):
        """Send the JSON Schema of a row."""
        return row_schema(self._version(self._admitted(), code, version)._definition())

    @route("/datasets/<string:code>/submissions", "POST")
    @answered
    def submit(self, code, version=None, requestId=None, **_query):  # noqa: N803 - named so in the interface
        """Receive one or many rows."""
        stream, digest, size = self._body()
        credential = self._admitted(digest)
        kind = self._kind()
        if not openapi.REQUEST_ID_FORM.fullmatch(requestId or ""):
            raise Refused("form", "requestId 缺失或格式不正确：8至64位字母、数字、点、下划线和短横线")
        found = self._version(credential, code, version)
        submission, duplicate = request.env["ctsp.dataset.submission"].sudo()._receive(  # sudo: the key was checked
            found, credential.partner_id.commercial_partner_id, requestId, stream, kind, digest, size, credential,
            request.httprequest.remote_addr)
        return {**submission._receipt(), "duplicate": duplicate}

    @route("/submissions", "GET")
    @answered
    def submissions(self, dataset=None, before=None, **_query):
        """List own submissions, newest first."""
        credential = self._admitted()
        domain = self._own(credential)
        if dataset:
            domain.append(("dataset_id.code", "=", dataset))
        if before:
            domain.append(("id", "<", self._submission(credential, before).id))
        found = request.env["ctsp.dataset.submission"].sudo().search(domain, limit=50)  # sudo: own ones by the domain
        return {"items": [submission._receipt(findings=0) for submission in found]}

    @route("/submissions/<string:number>", "GET")
    @answered
    def submission(self, number, **_query):
        """Send a receipt."""
        return self._submission(self._admitted(), number)._receipt()

    @route("/submissions/<string:number>/findings", "GET")
    @answered
    def findings(self, number, offset="0", **_query):
        """Send a page of the report."""
        found = self._submission(self._admitted(), number)
        if not offset.isascii() or not offset.isdigit() or len(offset) > 9:
            raise Refused("form", "offset 应为非负整数")
        return {"total": found.finding_total, "items": found._report(int(offset), PAGE)}

    # ---- parts

    def _admitted(self, digest=None):
        """Return the key that signed the request, superuser."""
        checked = facts.of(request.httprequest, b"", digest)
        credential = request.env["ctsp.exchange.credential"]._admit(checked, [("partner_id", "!=", False)])
        return credential.with_context(lang="zh_CN")

    @staticmethod
    def _body():
        """Return ``(stream, SM3, size)`` of the body. Odoo keeps it for the request: a second try sees it, too."""
        # sudo: nobody is signed in yet; the limit is the platform's own
        limit = request.env["ctsp.parameter"].sudo()._get("dataset.max_megabytes") << 20
        if (request.httprequest.content_length or 0) > limit:
            raise Refused("too_large", limit=limit)
        content = request.httprequest.get_data()
        return io.BytesIO(content), sm3(content), len(content)

    @staticmethod
    def _kind():
        """Return the reader of the content type; another charset than UTF-8 is refused where it is named."""
        kind = TYPES.get(request.httprequest.mimetype)
        charset = request.httprequest.mimetype_params.get("charset", "utf-8").lower()
        if not kind or (charset not in ("utf-8", "utf8") and kind in ("json", "ndjson")):
            raise Refused("media_type", allowed=sorted(TYPES))
        return kind

    @staticmethod
    def _version(credential, code, number):
        """Return the published version, of a data set the key is for."""
        found = request.env["ctsp.dataset"].sudo()._find(code, number)  # sudo: published standards are public
        if not found:
            raise Refused("not_found", "数据集或版本不存在，或尚未发布")
        if found.dataset_id not in credential.dataset_ids:
            raise Refused("scope")
        return found

    @staticmethod
    def _own(credential):
        return [("partner_id", "=", credential.partner_id.commercial_partner_id.id),
                ("is_test", "=", credential.is_sandbox)]

    def _submission(self, credential, number):
        """Return an own submission; those of others do not exist for the caller."""
        found = request.env["ctsp.dataset.submission"].sudo().search(  # sudo: own ones by the domain
            [*self._own(credential), ("number", "=", number)], limit=1)
        if not found:
            raise Refused("not_found", "回执不存在")
        return found
