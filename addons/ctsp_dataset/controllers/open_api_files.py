from odoo import http
from odoo.http import request

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_exchange.tools import strict_json
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi_parts as parts
from .answers import admitted, answered, content, media, route, version, whole

HEAD = 1 << 16


class OpenApiFiles(http.Controller):
    """Files in parts: begun, resumed where they broke off, put together when every part is there."""

    @route("/uploads", "POST")
    @answered
    def upload_begin(self, call, **_query):
        """Begin a file, or say how far it came."""
        media("application/json")
        body = content(HEAD)
        admitted(call, sm3(body))
        wanted = self._wanted(strict_json.read(body, 4))
        found = version(call, wanted["dataset"], wanted.get("version"))
        uploads = request.env["ctsp.dataset.upload"].sudo()  # sudo: the key was checked
        return uploads._begin(call.credential, found, wanted)._state()

    @route("/uploads/<string:upload>", "GET")
    @answered
    def upload_state(self, call, upload, **_query):
        """Say which parts are there."""
        admitted(call)
        return self._upload(call, upload)._state()

    @route("/uploads/<string:upload>/parts/<string:part>", "PUT")
    @answered
    def upload_part(self, call, upload, part, **_query):
        """Keep a part; its digest is part of the signature."""
        media("application/octet-stream")
        body = content(parts.PART_MIB << 20)
        digest = sm3(body)
        admitted(call, digest)
        found = self._upload(call, upload)
        found._keep_part(whole("part", part, 1, parts.PARTS), body, digest)
        return found._state()

    @route("/uploads/<string:upload>/complete", "POST")
    @answered
    def upload_complete(self, call, upload, **_query):
        """Put the file together and receive it like one that came at once."""
        admitted(call, sm3(content(HEAD)))
        received, duplicate = self._upload(call, upload)._complete(call.credential, request.httprequest.remote_addr)
        call.submission = received
        return {**received._receipt(), "duplicate": duplicate}

    @staticmethod
    def _wanted(wanted):
        """Return what is to be sent, checked against the document."""
        schema = parts.SCHEMAS["UploadRequest"]
        if not isinstance(wanted, dict):
            raise Refused("invalid", "内容应为 JSON 对象，字段见接口文档 UploadRequest")
        if unknown := wanted.keys() - schema["properties"]:
            raise Refused("invalid", f"没有字段 {min(unknown)[:60]}，可用字段：{'、'.join(schema['properties'])}")
        forms = {"dataset": parts.CODE_FORM, "requestId": parts.REQUEST_ID_FORM, "digest": parts.DIGEST_FORM}
        for name, form in forms.items():
            if not isinstance(wanted.get(name), str) or not form.fullmatch(wanted[name]):
                raise Refused("invalid", f"{name} 缺失或格式不正确")
        number, size = wanted.get("version"), wanted.get("size")
        if number is not None and not isinstance(number, str):
            raise Refused("invalid", "version 应为文本")
        if wanted.get("contentType") not in list(parts.TYPES):
            raise Refused("invalid", "contentType 应为 allowed 之一，不带 charset 等参数", allowed=sorted(parts.TYPES))
        if type(size) is not int or size < 1:
            raise Refused("invalid", "size 应为正整数")
        return wanted

    @staticmethod
    def _upload(call, upload):
        found = None
        if parts.UPLOAD_FORM.fullmatch(upload):
            found = request.env["ctsp.dataset.upload"].sudo()._own(call.credential, upload)  # sudo: own ones only
        if not found:
            raise Refused("not_found", "上传不存在或已过期")
        call.dataset = found.version_id.dataset_id
        return found
