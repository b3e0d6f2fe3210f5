"""What the routes of the open interfaces share: who calls, the body within its bounds, every answer in the envelope."""
import functools
import logging
import random
import uuid

from odoo import SUPERUSER_ID, http
from odoo.http import request

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable
from odoo.addons.ctsp_exchange.controllers import answers as exchange
from odoo.addons.ctsp_exchange.tools import http as facts
from odoo.addons.ctsp_exchange.tools import reply
from odoo.addons.ctsp_exchange.tools.pump import CONFLICTS
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi_parts as parts
from ..tools import room

_logger = logging.getLogger(__name__)
SUBMITTERS = [("partner_id", "!=", False)]
HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class Call:
    """A call under way: which key signed it, what it was about. Written down for test keys."""

    def __init__(self, operation):
        self.operation, self.credential, self.dataset, self.submission = operation, None, None, None
        self.facts = {}


def route(path, method):
    return http.route(f"{parts.PREFIX}{path}", type="http", auth="public", methods=[method], csrf=False,
                      save_session=False, readonly=False)


def answered(endpoint):
    """Wrap what ``endpoint(self, call, …)`` returns, or refuses, into the envelope of every answer.

    What was refused leaves nothing behind, save a line about the call, which counts for the pace of its key.
    """
    @functools.wraps(endpoint)
    def wrapped(self, **query):
        reference, call = uuid.uuid4().hex, Call(endpoint.__name__)
        query.pop("call", None)
        request.update_env(user=SUPERUSER_ID)  # what is made has one author, at once or in the background
        try:
            with request.env.cr.savepoint():
                data = endpoint(self, call, **query)
                request.env.flush_all()
            body, status = reply.body(reply.OK, "OK", data, reference), 200
        except Refused as refusal:
            body, status = refusal.body(reference), refusal.status
        except CONFLICTS:
            raise  # Odoo tries the request again
        except CryptoUnavailable:
            refusal = Refused("unavailable", retryAfter=10)
            body, status = refusal.body(reference), refusal.status
        except Exception:
            _logger.exception("Request %s could not be answered", reference)
            body, status = Refused("internal").body(reference), 500
        if call.credential and status != 429:  # that a key was told to wait is kept nowhere
            request.env["ctsp.audit.port"]._log_open_call(call, request.httprequest, status, body)
        if call.credential and (call.credential.is_sandbox or (status >= 400 and status != 429)):
            # sudo: nobody is signed in; the line is about the call of the key that signed it
            request.env["ctsp.dataset.call"].sudo()._note(call, request.httprequest, status, body)
        return send(body, status)
    return wrapped


def send(body, status):
    headers = list(HEADERS)
    if isinstance(body["data"], dict):
        if wait := body["data"].get("retryAfter"):
            headers.append(("Retry-After", str(wait)))
        if status == 405:
            headers.append(("Allow", ", ".join(body["data"]["allowed"])))
    return request.make_json_response(body, headers=headers, status=status)


def admitted(call, digest=None):
    """Return the key that signed the request, superuser.

    :raise Refused: who signed it is not known, was refused too often within a minute, or is being worked for already
    """
    checked = facts.of(request.httprequest, b"", digest)
    credential = request.env["ctsp.exchange.credential"]._admit(checked, SUBMITTERS)
    call.credential = credential.with_context(lang="zh_CN")
    call.credential._check_pace()
    if digest is not None:  # what brings a content is work
        take_place(call.credential.partner_id.commercial_partner_id.id, room.own_places(), "too_many",
                   "本机构另有请求正在处理，请等其完成后再发")
    return call.credential


def take_place(whose, count, *refusal):
    """Have this request be one of ``count`` that are worked at once, until it is answered.

    Nobody is kept waiting here: a worker that waits is one that people do not have.

    :raise Refused: with a time to wait, not the same for all who are told so at once
    """
    if not room.enter(request.env.cr, whose, count):
        raise Refused(*refusal, retryAfter=random.randint(1, 3))


def content(limit):
    """Return the body of at most ``limit`` bytes. Odoo keeps it for the request: a second try sees it, too.

    :raise Refused: by an unknown key, one that was refused too often, or while others are worked on: before anything is
        read
    """
    named = request.env["ctsp.exchange.credential"]._expect(facts.of(request.httprequest), SUBMITTERS)
    named._check_pace()
    take_place(room.ALL, room.places(), "busy")
    return exchange.body(limit)


def media(*allowed):
    """Return the media type, one of ``allowed``; JSON and other texts in UTF-8 only, nothing packed.

    :raise Refused: ``media_type``
    """
    asked = request.httprequest
    charset = asked.mimetype_params.get("charset", "utf-8").lower()
    coding = asked.headers.get("Content-Encoding", "identity")
    fault = None
    if asked.mimetype not in allowed:
        fault = f"不支持内容类型 {asked.mimetype[:60]}" if asked.mimetype else "缺少请求头 Content-Type"
    elif charset not in ("utf-8", "utf8") and asked.mimetype != "text/csv":
        fault = f"{asked.mimetype} 须为 UTF-8 编码，不支持 {charset[:20]}"
    elif coding != "identity":
        fault = f"不支持 Content-Encoding: {coding[:20]}，请发送未压缩的内容"
    if fault:
        raise Refused("media_type", fault, allowed=sorted(allowed))
    return asked.mimetype


def whole(name, text, low, high):
    """Return a number of the query.

    :raise Refused: ``form``
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not low <= int(text) <= high:
        raise Refused("form", f"{name} 应为{low}至{high}的整数")
    return int(text)


def request_id(text):
    if not parts.REQUEST_ID_FORM.fullmatch(text or ""):
        raise Refused("form", "requestId 缺失或格式不正确：8至64位字母、数字、点、下划线和短横线")
    return text


def version(call, code, number):
    """Return the published version, of a data set the key is for."""
    known = parts.CODE_FORM.fullmatch(code) and (number is None or parts.VERSION_FORM.fullmatch(number))
    # sudo: published standards are public
    found = request.env["ctsp.dataset"].sudo()._find(code, number) if known else None
    if not found:
        raise _unknown(call, code, number if known else None)
    if found.dataset_id not in call.credential.dataset_ids:
        raise Refused("scope", f"该密钥无权使用数据集 {code}")  # the caller's word, of the form of a code
    call.dataset = found.dataset_id
    return found


def _unknown(call, code, number):
    """Return the refusal of a version that there is not; what is published is public."""
    granted = call.credential.dataset_ids.filtered("current_id")
    dataset = granted.filtered(lambda one: one.code == code)
    if dataset and number:
        return Refused("not_found", f"数据集 {code} 没有版本 {number}，或该版本已停用",
                       available=dataset._accepted().mapped("number"))
    return Refused("not_found", "数据集不存在或尚未发布；该密钥可报送的数据集见 available",
                   available=granted.mapped("code"))


def own(credential):
    """Return the domain of what belongs to the caller: his organisation's, tests apart; what people only had checked on
    the desk is theirs."""
    tests = [("is_test", "=", True), ("channel", "=", "interface")]
    return [("partner_id", "=", credential.partner_id.commercial_partner_id.id),
            *(tests if credential.is_sandbox else [("is_test", "=", False)])]


def submission(call, number):
    """Return an own submission; those of others do not exist for the caller."""
    found = None
    if parts.NUMBER_FORM.fullmatch(number):
        found = request.env["ctsp.dataset.submission"].sudo().search(  # sudo: own ones by the domain
            [*own(call.credential), ("number", "=", number)], limit=1)
    if not found:
        raise Refused("not_found", "回执不存在，或不是本机构、本类密钥（测试或正式）的报送；"
                      "回执编号形如 HZ2026-00000001")
    call.submission, call.dataset = found, found.dataset_id
    return found
