from odoo import models

from ..tools import moment, reconciling, schema, strict_json


class ExchangeReconcileHandler(models.AbstractModel):
    """Questions of reconciliation that we ask; the answer comes in the answer of the request itself."""

    _name = "ctsp.exchange.reconcile.handler"
    _inherit = "ctsp.exchange.handler"
    _description = "Handler of Reconciliation"

    def _delivered(self, message, answer):
        asked, said = message._data(), answer.get("data")
        rows = self.env["ctsp.exchange.reconciliation"].search([("message_id", "=", message.id)])
        if wrong := schema.errors(reconciling.ANSWER_TEXTS[asked["step"]], said):
            reason = self.env._("The answer cannot be used: %(path)s %(message)s", **wrong[0])
            rows._failed(reason)
            message.reason = reason
            return
        before = message.first_sent_at
        if asked["step"] == "count":
            rows._counted(before, said)
        elif asked["step"] == "list":
            self._listed(rows, before, asked.get("after"), said)
        else:
            self._fetched(message, asked, said)

    def _died(self, message, reason):
        self.env["ctsp.exchange.reconciliation"].search([("message_id", "=", message.id)])._failed(reason)

    def _listed(self, row, before, after, said):
        """Compare one part of the list; ask for the next one."""
        items, more = said["items"], said["more"]
        if not row:
            return
        if not reconciling.in_order(items, after) or (more and not items):
            row._failed(self.env._("The list is not in the agreed order."))
            return
        last = (items[-1]["bizId"], items[-1]["version"]) if more else None
        own = {item[:2]: item[2] for item in row._items(before, after, last)}
        self.env["ctsp.exchange.difference"]._note(row, reconciling.compare(own, items))
        if more:
            row._ask_list(last)
        else:
            row._concluded()

    def _fetched(self, message, asked, said):
        """Take in what they say they sent, as if it had come now."""
        kind = message.backend_id.type_ids.filtered(lambda one: one.direction == "in" and one.code == asked["type"])
        if not kind or (said["bizId"], said["version"]) != (asked["bizId"], asked["version"]):
            message.reason = self.env._("The other system answered something else than was asked for.")
            return
        contract = kind._contract(message.backend_id.contract)
        if wrong := contract and contract._errors(said["data"]):
            message.reason = self.env._("Content: %(path)s %(message)s", **wrong[0])
            return
        known = message._known(kind, asked["bizId"], asked["version"])
        if not known:
            known = message._make(
                kind, asked["bizId"], asked["version"], said["data"], contract=contract.version,
                sent_at=moment.of(said.get("time")))
            self.env["ctsp.exchange.try"]._add(known, "fetched")
        elif known.digest != (digest := strict_json.digest(said["data"])):
            known._queue_again(
                "fetched", self.env._("Reconciliation"), original=known.original or known.payload, digest=digest,
                payload=strict_json.canonical(said["data"]).decode())
