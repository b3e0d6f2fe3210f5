from odoo import models


class IntegrityMixin(models.AbstractModel):
    """Records of classes with the mixin are protected by the engine: their state is what it finds."""

    _inherit = "ctsp.integrity.mixin"

    def _integrity_seal(self):  # pylint: disable=method-required-super
        """Nothing here: the engine puts the evidence down, in one batch, when the transaction flushes."""

    def _integrity_verify(self):  # pylint: disable=method-required-super
        """Return ``{id: state}`` by the evidence, a batch at once."""
        integrity, ids = self.env["ctsp.integrity"], self._ids
        if not all(ids) or self._name not in integrity._map().models:
            return {}
        broken = {found.res_id for found in integrity._check(self._name, ids)}
        return {res_id: "broken" if res_id in broken else "valid" for res_id in ids}
