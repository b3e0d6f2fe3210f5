from odoo import api, models

from ..tools import drawing


class InspectorDraw(models.Model):
    """How a drawing is run and repeated."""

    _inherit = "ctsp.inspector.draw"

    def _pool(self):
        """Return the inspectors that take part at all: active, of the unit or among those asked for."""
        domain = [("unit", "=", self.unit)] if self.unit else []
        domain += [("id", "in", self.pool_ids.ids)] if self.pool_ids else []
        return self.env["ctsp.inspector"].search(domain, order="code, id")

    def _pool_reasons(self, pool):
        """Return ``{inspector id: [Reason, …]}`` why somebody takes no part."""
        return pool._reasons(self.institution_id, (self.date_from, self.date_to), but=self._drawn_for())

    def _pool_loads(self, pool):
        """Return ``{inspector id: workload}``."""
        return pool._loads()

    def _run(self):
        """Make a row for every candidate of every slot, with what speaks against him, his ticket and his rank."""
        self.ensure_one()
        self.candidate_ids.unlink()
        pool = self._pool()
        reasons = self._pool_reasons(pool)
        loads, taken = self._pool_loads(pool) if self.balance else {}, {}
        for slot in self.slot_ids:
            rows = [self._candidate(slot, inspector, reasons[inspector.id], loads, taken) for inspector in pool]
            self._rank(slot, rows)
            self.env["ctsp.inspector.draw.candidate"].create(rows)
            taken.update({row["inspector_id"]: slot._role_label() for row in rows if row["drawn"]})

    def _candidate(self, slot, inspector, reasons, loads, taken):
        """Return the frozen values of one candidate for one slot."""
        against = [reason.sentence for reason in reasons] + slot._unfit(inspector)
        if inspector.id in taken:
            against.append(self.env._("Drawn already as %s.", taken[inspector.id]))
        return {
            "draw_id": self.id, "slot_id": slot.id, "inspector_id": inspector.id, "name": inspector.name,
            "key": inspector.code or f"#{inspector.id}", "level": inspector.level, "unit": inspector.unit,
            "load": loads.get(inspector.id, 0), "excluded": bool(against), "reason": "\n".join(against),
            "rank": 0, "ticket": False, "score": 0.0, "drawn": False,
        }

    def _rank(self, slot, rows):
        """Give those who take part their lots; the first ones are drawn."""
        free = {row["key"]: row for row in rows if not row["excluded"]}
        lots = drawing.draw(self.seed, slot._round(), {key: row["load"] for key, row in free.items()})
        for rank, drawn in enumerate(lots, 1):
            free[drawn.key].update(ticket=drawn.ticket, score=drawn.score, rank=rank, drawn=rank <= slot.count)

    @api.depends("candidate_ids", "seed")
    def _compute_is_reproduced(self):
        """Draw again from the frozen candidates, without looking at what is written as result."""
        for draw in self:
            draw.is_reproduced = bool(draw.candidate_ids) and all(
                draw._repeat(slot) == slot.candidate_ids.filtered("drawn").sorted("rank").mapped("key")
                for slot in draw.slot_ids)

    def _repeat(self, slot):
        rows = slot.candidate_ids.filtered(lambda row: not row.excluded)
        lots = drawing.draw(self.seed, slot._round(), {row.key: row.load for row in rows})
        return [drawn.key for drawn in lots[:slot.count]]
