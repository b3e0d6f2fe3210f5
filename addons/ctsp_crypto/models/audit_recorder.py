from odoo import api, models

from ..tools import sealing


class AuditRecorder(models.AbstractModel):
    """Writes down that a value could not be decrypted where it is replaced, instead of refusing its replacement."""

    _inherit = "ctsp.audit.recorder"

    @api.model
    def _reading_context(self):
        return super()._reading_context() | {"crypto_broken": sealing.SHOWN}
