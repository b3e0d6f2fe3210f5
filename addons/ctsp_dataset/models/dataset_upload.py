import math
import tempfile
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3_stream
from odoo.addons.ctsp_base.tools.turns import take_turns
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi_parts as parts

PART = parts.PART_MIB << 20
HOURS = 24
"""how long a file that was begun is waited for"""
OPEN = 5
"""files under way for one submitter"""


class DatasetUpload(models.Model):
    """A large file on its way, in parts: which came, until all are there and it is received like any other.

    Parts are attachments (encrypted in the file store), each named by its number, its SM3 beside it. What is not
    finished within a day is thrown away.
    """

    _name = "ctsp.dataset.upload"
    _description = "File in Parts"
    _order = "id desc"
    _rec_name = "upload"

    upload = fields.Char(required=True, readonly=True, index=True, default=lambda self: uuid.uuid4().hex)
    partner_id = fields.Many2one("res.partner", "Submitter", required=True, readonly=True, index=True,
                                 ondelete="cascade")
    is_test = fields.Boolean("Test", readonly=True)
    version_id = fields.Many2one("ctsp.dataset.version", required=True, readonly=True, ondelete="restrict")
    request_id = fields.Char("Request ID", required=True, readonly=True)
    kind = fields.Selection(
        [("json", "JSON"), ("ndjson", "NDJSON"), ("csv", "csv"), ("xlsx", "xlsx")], "Form", required=True,
        readonly=True)
    size = fields.Integer("Bytes", required=True, readonly=True, aggregator=None)
    digest = fields.Char("SM3 of the Content", required=True, readonly=True)
    submission_id = fields.Many2one("ctsp.dataset.submission", readonly=True, ondelete="cascade",
                                    index="btree_not_null")
    expires_at = fields.Datetime(required=True, readonly=True, index=True)

    _upload_unique = models.Constraint("UNIQUE(upload)", "There is such an upload already.")
    _request_unique = models.UniqueIndex("(partner_id, is_test, request_id)", "This file was begun already.")

    @property
    def _count(self):
        return math.ceil(self.size / PART)

    @api.model
    def _own(self, credential, upload):
        """Return an upload of the key's organisation, locked; those of others do not exist for the caller."""
        found = self.search([
            ("upload", "=", upload), ("partner_id", "=", credential.partner_id.commercial_partner_id.id),
            ("is_test", "=", credential.is_sandbox), ("expires_at", ">", fields.Datetime.now())], limit=1)
        if found:
            # one after the other
            self.env.cr.execute(SQL("SELECT id FROM ctsp_dataset_upload WHERE id = %s FOR UPDATE", found.id))
            found.invalidate_recordset()
        return found

    @api.model
    def _begin(self, credential, version, wanted):
        """Begin a file, or return the one that was begun with the same request.

        :raise Refused: ``conflict``, ``too_large``, ``too_many``
        """
        partner = credential.partner_id.commercial_partner_id
        limit = self.env["ctsp.parameter"]._get("dataset.max_upload_megabytes") << 20
        if wanted["size"] > min(limit, parts.PARTS * PART):
            raise Refused("too_large", limit=limit)
        own = Domain("partner_id", "=", partner.id) & Domain("is_test", "=", credential.is_sandbox)
        values = {"version_id": version.id, "kind": parts.TYPES[wanted["contentType"]], "size": wanted["size"],
                  "digest": wanted["digest"]}
        if same := self.search(own & Domain("request_id", "=", wanted["requestId"]), limit=1):
            if any(same[name] != value for name, value in values.items() if name != "version_id"):
                raise Refused("conflict", "该 requestId 曾以不同内容开始上传，请更换 requestId", reason="content")
            return same
        # two beginnings at once: the later one is tried again, and finds what the first made
        self.env["ctsp.exchange.nonce"]._reserve(
            f"upload\n{partner.id}\n{credential.is_sandbox}\n{wanted['requestId']}")
        if self.search_count(own & Domain("submission_id", "=", False), limit=OPEN) >= OPEN:
            raise Refused("too_many", f"同时进行的分片上传不超过{OPEN}个", retryAfter=60)
        return self.create({
            **values, "partner_id": partner.id, "is_test": credential.is_sandbox, "request_id": wanted["requestId"],
            "expires_at": fields.Datetime.now() + timedelta(hours=HOURS)})

    def _parts(self):
        """Return ``{number: attachment}`` of what is there."""
        found = self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        return {int(one.name): one for one in found}

    def _state(self):
        """Return what the sender is told."""
        count, there = self._count, sorted(self._parts())
        if self.submission_id:
            there = list(range(1, count + 1))
        return {"upload": self.upload, "partSize": PART, "parts": count, "received": there,
                "missing": sorted(set(range(1, count + 1)) - set(there)),
                "expiresAt": f"{self.expires_at.isoformat()}Z"}

    def _keep_part(self, number, content, digest):
        """Keep a part; the same again is welcome.

        :raise Refused: ``conflict``, ``form``
        """
        if number > self._count:
            raise Refused("form", f"该文件共{self._count}片")
        wanted = PART if number < self._count else self.size - PART * (self._count - 1)
        if len(content) != wanted:
            raise Refused("form", f"第{number}片应为{wanted}字节，收到{len(content)}字节", expected=wanted)
        if self.submission_id:
            return
        take_turns(self)  # a part sent twice at once: the later one is tried again, and sees what the other kept
        if known := self._parts().get(number):
            if known.description != digest:
                raise Refused("conflict", f"第{number}片曾以不同内容上传", reason="part")
            return
        self.env["ir.attachment"].create({
            "name": str(number), "res_model": self._name, "res_id": self.id, "raw": content, "description": digest,
            "mimetype": "application/octet-stream"})

    def _complete(self, credential, address):
        """Put the parts together and receive the file; return ``(submission, duplicate)``.

        :raise Refused: ``conflict`` while parts are missing, ``invalid`` when it is not the file that was announced
        """
        if self.submission_id:
            return self.submission_id, True
        if missing := self._state()["missing"]:
            raise Refused("conflict", "尚有分片未上传", reason="missing", missing=missing)
        there = self._parts()
        with tempfile.TemporaryFile() as stream:
            for number in sorted(there):
                stream.write(there[number].raw)
                there[number].invalidate_recordset()  # one part in memory at a time
            stream.seek(0)
            if sm3_stream(stream) != self.digest:
                raise Refused("invalid", "合并后的内容与开始上传时声明的 SM3 不符，请核对后以新的 requestId 重新上传")
            stream.seek(0)
            received, duplicate = self.env["ctsp.dataset.submission"]._receive(
                self.version_id, self.partner_id, self.request_id, stream, self.kind, self.digest, self.size,
                credential, address)
        self.submission_id = received
        self.env["ir.attachment"].browse([one.id for one in there.values()]).unlink()
        return received, duplicate

    @api.autovacuum
    def _gc_expired(self):
        """Throw away what nobody finished, and the traces of what is done."""
        old = self.search([("expires_at", "<", fields.Datetime.now())], limit=1000)
        self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "in", old.ids)]).unlink()
        old.unlink()
