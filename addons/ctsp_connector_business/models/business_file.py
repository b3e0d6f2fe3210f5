import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import digest, file_kinds
from odoo.addons.ctsp_exchange.tools import moment
from odoo.addons.ctsp_exchange.tools.errors import Final

MAX_MIB = 20
BATCH = 200


class BusinessFile(models.Model):
    """A file that the business platform sent, known by the SM3 digest of its content.

    Items name their files by digest. What an item becomes gets a copy of its own; this one goes after
    ``exchange.keep_days``.
    """

    _name = "ctsp.business.file"
    _description = "File of the Business Platform"
    _order = "id desc"
    _integrity_fields = {1: ("name", "digest")}
    _integrity_files = {"data": "digest"}

    name = fields.Char("File Name", required=True, readonly=True)
    digest = fields.Char("SM3 Digest", required=True, readonly=True)
    data = fields.Binary("Content", attachment=True, required=True, readonly=True)
    received_at = fields.Datetime("Received At", readonly=True, default=lambda self: moment.now(), index=True)

    _digest_unique = models.Constraint("UNIQUE(digest)", "This file is there already.")

    @api.model
    def _keep(self, name, wanted, text):
        """Keep a file that came as base64; return it.

        :raise Final: it is not what its digest or its name says
        """
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError:
            raise Final(self.env._("File “%(name)s”: it is not base64.", name=name)) from None
        if digest.sm3(content) != wanted.lower():
            raise Final(self.env._("File “%(name)s”: its content does not have the SM3 digest given.", name=name))
        try:
            file_kinds.check(name, content)
        except ValueError:
            raise Final(self.env._(
                "File “%(name)s” is damaged, or of a type that is not accepted.", name=name)) from None
        if len(content) > MAX_MIB << 20:
            raise Final(self.env._("File “%(name)s” is larger than %(limit)s MB.", name=name, limit=MAX_MIB))
        return self._by_digest(wanted) or self.create({
            "name": name, "digest": wanted.lower(), "data": base64.b64encode(content)})

    @api.model
    def _by_digest(self, wanted):
        return self.search([("digest", "=", wanted.lower())], limit=1)

    @api.model
    def _missing(self, digests):
        """Return those of ``digests`` of which no file is here."""
        known = set(self.search([("digest", "in", [one.lower() for one in digests])]).mapped("digest"))
        return {one for one in digests if one.lower() not in known}

    @api.model
    def _content(self, wanted):
        """Return the content of the file with this digest as base64.

        :raise UserError: it is not kept any more
        """
        file = self._by_digest(wanted)
        if not file:
            raise UserError(self.env._("A file of this item is not kept any more: have it sent again."))
        return file.with_context(bin_size=False).data

    @api.autovacuum
    def _gc_files(self):
        """Remove what is older than messages keep their content; return what Odoo asks of a vacuum."""
        days = self.env["ctsp.parameter"]._get("exchange.keep_days")
        old = self.search([("received_at", "<", moment.now() - timedelta(days=days))], limit=BATCH)
        count = len(old)
        old.unlink()
        return count, count == BATCH
