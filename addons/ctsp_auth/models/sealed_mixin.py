import json

from odoo import api, fields, models

from ..tools import seals

PURPOSE = "auth.mac"


class SealedMixin(models.AbstractModel):
    """Rows that open doors: each carries a MAC over what matters in it, so that one written by SQL opens none.

    A class names the fields in ``_sealed_fields``; code that lets somebody in asks :meth:`_holds` first. A seal says
    that a row was the platform's once; its evidence (``_integrity_fields``), which is asked as well, says that it still
    is: that nobody put an older state or a deleted row back.
    """

    _name = "ctsp.auth.sealed.mixin"
    _description = "Rows under a Seal"

    _sealed_fields = ()

    seal = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._seal_now()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._sealing_names():
            self._seal_now()
        return result

    def _sealing_names(self):
        """Return the sealed fields and those they are computed from."""
        names = set(self._sealed_fields)
        for name in self._sealed_fields:
            names |= {path.partition(".")[0] for path in self.pool.field_depends.get(self._fields[name], ())}
        return names

    def _seal_now(self):
        # sudo: the seal is the platform's, whoever changes the row
        rows = self.sudo().with_context(bin_size=False)
        if rows:
            batch = self.env["ctsp.crypto"]._mac(PURPOSE, [row._seal_message() for row in rows], context=self._name)
            for row, code in zip(rows, batch.values):
                row.seal = seals.write(batch, code)

    def _holds(self):
        """Return the rows that are as the platform wrote them."""
        rows = self.sudo().with_context(bin_size=False)  # sudo: as above
        checked = [seals.checked(row._seal_message(), row.seal) for row in rows]
        good = self.env["ctsp.crypto"]._verify_mac(PURPOSE, checked, context=self._name) if rows else []
        return self.env["ctsp.integrity"]._agreeing(self.browse([row.id for row, holds in zip(self, good) if holds]))

    def _seal_message(self):
        values = [self._name, self.id, *(_plain(self[name]) for name in self._sealed_fields)]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _plain(value):
    if isinstance(value, models.BaseModel):
        return value.ids
    return value.decode() if isinstance(value, bytes) else value
