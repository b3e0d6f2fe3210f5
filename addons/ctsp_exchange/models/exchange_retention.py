import base64
import gzip
import json
from datetime import timedelta

from odoo import api, fields, models

from ..tools import moment

BATCH = 200


class ExchangeRetention(models.Model):
    """Old messages (``exchange.keep_days``): identity, digest, times and steps stay in the table; the content moves
    into the file store, packed and encrypted, where whoever may read contents goes on reading it.
    """

    _inherit = "ctsp.exchange.message"

    content_file = fields.Binary(
        "Archived Content", attachment=True, readonly=True, copy=False, groups=fields.NO_ACCESS)

    _content_idx = models.Index("(done_at) WHERE archived_at IS NULL")

    @api.autovacuum
    def _gc_contents(self):
        """Archive contents of finished messages; return what Odoo asks of a vacuum: done, and whether more is left."""
        days = self.env["ctsp.parameter"]._get("exchange.keep_days")
        old = self.search([
            ("state", "in", ("done", "superseded", "cancelled")), ("done_at", "<", moment.now() - timedelta(days=days)),
            ("archived_at", "=", False)], limit=BATCH)
        for message in old:
            message._archive()
        return len(old), len(old) == BATCH

    def _archive(self):
        values = {"payload": False, "original": False, "archived_at": moment.now()}
        if self.payload:
            content = json.dumps({"payload": self.payload, "original": self.original}, ensure_ascii=False)
            values["content_file"] = base64.b64encode(gzip.compress(content.encode(), mtime=0))
        self.write(values)

    def _content(self):
        """Return the payload, in the table or in the archive.

        The right of a reader was checked by the field that asks; engines ask for themselves.
        """
        own = self.sudo()  # sudo: as above; nobody reads the packed file itself
        if not own.archived_at or not (packed := own.with_context(bin_size=False).content_file):
            return own.payload
        return json.loads(gzip.decompress(base64.b64decode(packed)))["payload"]
