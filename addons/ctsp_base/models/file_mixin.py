import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import file_kinds


class FileMixin(models.AbstractModel):
    """A row that is a file: the way outside users hand in documents (they have no right on attachments).

    The content is checked against the extension, limited in size and hashed (SM3, GM/T 0004-2012) when it is stored;
    who reads the row reads the file, by form and by content URL alike. A class adds the many2one to its parent
    (``_desk_parent``) and whatever it needs beside it, e.g. the kind of document.
    """

    _name = "ctsp.file.mixin"
    _inherit = ["ctsp.owned.mixin"]
    _description = "File Row"
    _rec_name = "file_name"

    _file_extensions = tuple(file_kinds.MIME_TYPES)
    _file_max_mib = 20
    _desk_fields = ("file_name", "data")
    _integrity_files = {"data": "digest"}

    file_name = fields.Char(required=True)
    data = fields.Binary(string="File", required=True, attachment=True)
    size = fields.Integer(string="Size (Bytes)", compute="_compute_file_facts", store=True)
    mimetype = fields.Char(string="File Type", compute="_compute_file_facts", store=True)
    digest = fields.Char(
        string="SM3 Digest", compute="_compute_file_facts", store=True, help="SM3 of the content, 64 hex characters",
    )

    @api.depends("data", "file_name")
    def _compute_file_facts(self):
        for row in self:
            content = row._content()
            row.size = len(content)
            row.digest = hashlib.new("sm3", content).hexdigest() if content else False
            row.mimetype = file_kinds.MIME_TYPES.get(file_kinds.extension(row.file_name), "application/octet-stream")

    def _content(self):
        """Return the content as bytes, b"" when there is none or it is not base64."""
        try:
            return base64.b64decode(self.with_context(bin_size=False, bin_size_data=False).data or b"")
        except ValueError:
            return b""

    @api.constrains("data", "file_name")
    def _check_file(self):
        for row in self:
            content = row._content()
            if len(content) > row._file_max_mib << 20:
                raise ValidationError(self.env._(
                    "“%(name)s” is larger than %(limit)s MB.", name=row.file_name, limit=row._file_max_mib,
                ))
            try:
                file_kinds.check(row.file_name, content, row._file_extensions)
            except ValueError as error:
                raise ValidationError(row._file_refusal(str(error))) from error

    def _file_refusal(self, code):
        """Return the sentence for a code of :func:`file_kinds.check`."""
        name = self.file_name
        return {
            "name": self.env._("The file name “%(name)s” is not usable.", name=name),
            "extension": self.env._(
                "Files of the type of “%(name)s” are not accepted. Accepted: %(types)s.",
                name=name, types=", ".join(self._file_extensions),
            ),
            "empty": self.env._("“%(name)s” is empty.", name=name),
            "content": self.env._(
                "The content of “%(name)s” is not what its extension says; it may be damaged or renamed.", name=name,
            ),
            "macro": self.env._("“%(name)s” contains macros. Please save it without them.", name=name),
        }[code]
