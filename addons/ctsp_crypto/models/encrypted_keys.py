from odoo import api, models

from ..tools import migration, rewrap


class EncryptedKeys(models.AbstractModel):
    """What whoever rotates keys and reports their use asks of the models with encrypted fields."""

    _inherit = "ctsp.encrypted.mixin"

    @api.model
    def _crypto_models(self):
        """Return the models of the registry whose tables hold ciphertext, sorted by name."""
        names = [name for name, model in self.env.registry.items() if getattr(model, "_encrypted_names", ())]
        return [self.env[name] for name in sorted(names)]

    @api.model
    def _crypto_rewrap(self, after=0, limit=1000):
        """Encrypt the next rows of this model anew that lie under an older version of a key, by plain SQL.

        Nothing a user sees changes; rows that somebody is writing are left for the next round. The caller commits
        after each batch, goes on with ``after=last`` and begins again until a round does nothing.

        :return: ``(rows done, rows that do not open, last id or None)``
        """
        self.flush_model(self._encrypted_names)
        return rewrap.batch(self, after, limit)

    @api.model
    def _crypto_verify(self, after=0, limit=1000):
        """Look for ciphertexts of this model that do not open in their place.

        :return: ``([(id, field name)], last id or None)``
        """
        self.flush_model(self._encrypted_names)
        return rewrap.verify(self, after, limit)

    @api.model
    def _crypto_coverage(self):
        """Return ``[(field name, rows with a value, of these under the key in use)]`` of this model."""
        self.flush_model(self._encrypted_names)
        return rewrap.coverage(self)

    @api.model
    def _crypto_encrypt_waiting(self):
        """Encrypt clear columns that an older release left, for all models; for what an update could not finish."""
        for model in self._crypto_models():
            migration.encrypt_table(model)
