import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import digest, file_kinds

MAX_MIB = 20


class CopyMixin(models.AbstractModel):
    """A row that may carry the copy of a paper; its SM3 digest is part of the institution's versions."""

    _name = "ctsp.copy.mixin"
    _inherit = ["ctsp.versioned.mixin"]
    _description = "Row with the Copy of a Paper"

    file = fields.Binary("Copy", attachment=True)
    filename = fields.Char("File Name")
    file_digest = fields.Char("SM3 of the Copy", compute="_compute_file_digest", store=True)

    @api.depends("file")
    def _compute_file_digest(self):
        for row in self:
            content = row._file_content()
            row.file_digest = digest.sm3(content) if content else False

    def _file_content(self):
        return base64.b64decode(self.with_context(bin_size=False, bin_size_file=False).file or b"")

    @api.constrains("file", "filename")
    def _check_file(self):
        """Refuse what is too large, or not what its extension says."""
        for row in self.filtered("file"):
            content = row._file_content()
            if len(content) > MAX_MIB << 20:
                raise ValidationError(self.env._(
                    "“%(name)s” is larger than %(limit)s MB.", name=row.filename, limit=MAX_MIB))
            try:
                file_kinds.check(row.filename or "", content, tuple(file_kinds.MIME_TYPES))
            except ValueError as error:
                raise ValidationError(self.env._(
                    "“%(name)s” cannot be accepted: PDF, pictures and office documents that are what their name says.",
                    name=row.filename or "")) from error

    def _version_is_fact(self, name, field):
        return name == "file_digest" or super()._version_is_fact(name, field)
