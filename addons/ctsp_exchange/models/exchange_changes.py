from odoo import SUPERUSER_ID, api, models

MARK = "ctsp_exchange.changes"
SINGLY = 200  # records of one transaction that are told one by one; more become a push


class OutboxMixin(models.AbstractModel):
    """Records that change in many small steps: what becomes of them is told once, before the transaction ends."""

    _inherit = "ctsp.outbox.mixin"

    def _outbox_changed(self, event):
        """Emit ``event`` for these records, once however often they change in this transaction.

        Systems that were never connected are told nothing: their first full push says it all. What changes many
        records at once (an import) becomes a push of its own, which lets everything else go first.
        """
        if not self or not self.env["ctsp.exchange.subscription"]._types(event):
            return
        owed = self.env.cr.postcommit.data.setdefault(MARK, {"told": 0, "pushed": set(), "ids": {}})
        owed["ids"].setdefault((self._name, event), {}).update(dict.fromkeys(self.ids))
        due = self.env.cr.precommit
        if MARK not in due.data:  # gone together with what is due, when a savepoint is rolled back
            due.data[MARK] = True
            due.add(self.browse()._outbox_tell_changes)

    def _outbox_tell_changes(self):
        """Write the messages. Odoo calls this at savepoints, too: what changes after one is told again."""
        owed = self.env.cr.postcommit.data.get(MARK)
        if not owed:
            return
        self.env.cr.precommit.data.pop(MARK, None)
        todo, owed["ids"] = owed["ids"], {}
        env = api.Environment(self.env.cr, SUPERUSER_ID, self.env.context)  # whoever changed them
        for (model, event), ids in todo.items():
            kinds = env["ctsp.exchange.type"].browse(env["ctsp.exchange.subscription"]._types(event)).filtered(
                lambda kind: kind.backend_id.url and kind.id not in owed["pushed"])
            owed["told"] += len(ids)
            for kind in kinds:
                if owed["told"] > SINGLY and kind.can_push:
                    owed["pushed"].add(kind.id)
                    kind._push_since(env.cr.now())
                    continue
                for record in env[model].browse(ids).exists():
                    kind._emit(record, event, {})
        env.flush_all()


class ExchangeTypeChanges(models.Model):
    """Types that are told of many changes at once."""

    _inherit = "ctsp.exchange.type"

    def _push_since(self, moment):
        """Have everything sent that changed since ``moment``, to the second: some moments are kept no finer."""
        push = self.env["ctsp.exchange.push"].create({
            "backend_id": self.backend_id.id, "type_ids": [(6, 0, self.ids)], "since": moment.replace(microsecond=0),
            "note": self.env._("Many records were changed at once")})
        push._range_enqueue()
