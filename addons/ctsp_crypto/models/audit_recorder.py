import json

from odoo import api, models

from ..fields import Encrypted
from ..tools import files, sealing

CONTEXT = "ctsp.audit.log"
SHOWN_DIGITS = 16


class AuditRecorder(models.AbstractModel):
    """Keeps of an encrypted value that it changed, never what it says.

    A personal value is masked by the log itself, and compared by what it says; of the others a keyed digest stands
    there, which nobody without the key can try guesses on. A value that cannot be decrypted is written down as that
    instead of refusing its replacement.
    """

    _inherit = "ctsp.audit.recorder"

    @api.model
    def _reading_context(self):
        return super()._reading_context() | {"crypto_broken": sealing.SHOWN}

    @api.model
    def _values(self, records, names):
        result = super()._values(records, names)
        kinds = getattr(records, "_personal_fields", {})
        hidden = [
            (row, name) for name in names if isinstance(records._fields[name], Encrypted) and name not in kinds
            for row in result.values() if row.get(name) is not None
        ]
        if hidden:
            contents = [json.dumps(row[name], sort_keys=True, default=str).encode() for row, name in hidden]
            codes = self.env["ctsp.crypto"]._blind(files.INDEX, CONTEXT, contents).values
            for (row, name), code in zip(hidden, codes, strict=True):
                row[name] = {"keyed": code.hex()[:SHOWN_DIGITS]}
        return result
