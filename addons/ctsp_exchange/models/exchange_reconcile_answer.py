from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import moment, reconciling, schema
from ..tools.refusing import Known
from ..tools.reply import Refused

DIRECTIONS = {"platform": "out", "system": "in"}


class ExchangeReconcileAnswer(models.AbstractModel):
    """Answers another system that reconciles with us: the same questions, the other way round."""

    _inherit = "ctsp.exchange.intake"

    @api.model
    def _reconcile(self, request, body, backend_code, media):
        """Return our side of what ``body`` asks (docs/exchange.md, “Reconciliation”).

        :raise Refused: it is no such question, or of no such type
        """
        backend, credential = self._caller(request, backend_code)
        with Known(credential.key):
            return self._reconciled(backend, body, media)

    @api.model
    def _reconciled(self, backend, body, media):
        content = self._content(backend, "reconcile", body, media)
        asked = content.get("data", content) if isinstance(content, dict) else content
        if wrong := schema.errors(reconciling.QUESTION_TEXT, asked):
            raise Refused("invalid", errors=wrong)
        if asked["step"] != "fetch" and asked["to"] - asked["from"] > reconciling.SPAN:
            raise Refused("invalid", errors=[{"path": "$.to", "message": "一次最多核对31天"}])
        return getattr(self, f"_reconcile_{asked['step']}")(backend, asked)

    @api.model
    def _reconcile_count(self, backend, asked):
        said = []
        for kind in backend.type_ids.filtered(lambda one: one.active and one.code != "reconcile"):
            count, digest = reconciling.digest(self._reconcile_items(kind, asked))
            said.append({"type": kind.code, "sentBy": "platform" if kind.direction == "out" else "system",
                         "count": count, "digest": digest})
        return {"types": said}

    @api.model
    def _reconcile_list(self, backend, asked):
        kind = self._reconcile_kind(backend, asked)
        items = list(self._reconcile_items(kind, asked, reconciling.PAGE + 1))
        return {"more": len(items) > reconciling.PAGE, "items": [
            {"bizId": business_id, "version": version, "digest": digest}
            for business_id, version, digest in items[:reconciling.PAGE]]}

    @api.model
    def _reconcile_fetch(self, backend, asked):
        """Hand out a message of ours again."""
        kind = self._reconcile_kind(backend, {"sentBy": "platform", **asked})
        message = self.env["ctsp.exchange.message"].search([
            ("type_id", "=", kind.id), ("business_id", "=", asked["bizId"]), ("version", "=", asked["version"])])
        try:
            if not message._content() or kind.direction != "out":
                raise Refused("not_found")
        except CryptoAltered:
            raise Refused("not_found", "报文的存档内容已损坏，不能再次提供") from None
        return {"bizId": message.business_id, "version": message.version, "data": message._data(),
                "time": moment.milliseconds(message.created_at)}

    @api.model
    def _reconcile_kind(self, backend, asked):
        kind = backend.type_ids.filtered(
            lambda one: one.code == asked["type"] and one.direction == DIRECTIONS[asked["sentBy"]])
        if not kind:
            raise Refused("not_found")
        return kind

    @api.model
    def _reconcile_items(self, kind, asked, limit=None):
        """What is settled: accepted by them, or received from them."""
        start, end = moment.of(asked["from"]), moment.of(asked["to"])
        after = asked.get("after")
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """SELECT m.business_id, m.version, m.digest FROM ctsp_exchange_message m
                WHERE m.type_id = %s AND m.sent_at >= %s AND m.sent_at < %s AND (m.direction = 'in' OR m.state = 'done')
                  AND %s ORDER BY m.business_id COLLATE "C", m.version LIMIT %s""", kind.id, start, end,
            SQL('(m.business_id COLLATE "C", m.version) > (%s, %s)', *after) if after else SQL("TRUE"), limit))
        yield from self.env.cr.fetchall()
