import base64
import gzip
import json
import zlib
from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_crypto.tools import sealing
from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import moment, strict_json

BATCH = 200
CONTENTS = ("payload", "original", "received")


class ExchangeRetention(models.Model):
    """Old messages (``exchange.keep_days``): identity, digest, times and steps stay in the table; the content moves
    into the file store, packed and encrypted, where whoever may read contents goes on reading it. Its SM3 stays in the
    row, under the row's evidence, and is compared whenever the content is read and by every verification: another file
    in its place is found.
    """

    _inherit = "ctsp.exchange.message"
    _integrity_files = {"content_file": "content_digest"}

    content_file = fields.Binary(
        "Archived Content", attachment=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    content_digest = fields.Char("SM3 of the Archived Content", readonly=True, copy=False)

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
        values = {**dict.fromkeys(CONTENTS, False), "archived_at": moment.now()}
        if self.payload:
            content = json.dumps({name: self[name] for name in CONTENTS}, ensure_ascii=False).encode()
            packed = gzip.compress(content, mtime=0)
            values |= {"content_file": base64.b64encode(packed), "content_digest": sm3(packed)}
        self.write(values)

    def _content(self):
        """Return the payload, in the table or in the archive.

        The right of a reader was checked by the field that asks; engines ask for themselves.

        :raise CryptoAltered: the archived content is gone or another one; the log knows
        """
        own = self.sudo()  # sudo: as above
        said = own._archived() if own.archived_at else None
        return said["payload"] if said else own.payload

    def _archived(self):
        """Return what was archived of a message, by field; None where there was nothing to archive.

        :raise CryptoAltered: as in :meth:`_content`
        """
        own = self.sudo()  # sudo: as above; nobody reads the packed file itself
        # not what was put there: said below
        with suppress(CryptoAltered, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
            packed = own.with_context(bin_size=False).content_file
            if not packed and not own.content_digest:
                return None
            packed = base64.b64decode(packed or b"")
            said = json.loads(gzip.decompress(packed))
            if own._is_archived(packed, said):
                return said
        sealing.report(own, own._fields["content_file"])
        raise CryptoAltered(self.env._(
            "Message “%(message)s”: its archived content is gone or is not the one that was exchanged; it was altered "
            "outside the platform. Tell the security administrator.", message=own.display_name))

    def _is_archived(self, packed, said):
        """Say whether ``packed`` is what was put there; before its digest was kept, that of the message stands in."""
        if self.content_digest:
            return sm3(packed) == self.content_digest
        return any(strict_json.digest(json.loads(said[name])) == self.digest
                   for name in ("payload", "original") if said.get(name))
