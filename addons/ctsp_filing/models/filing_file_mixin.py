import base64

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import file_kinds

MAX_MIB = 20


class FilingFileMixin(models.AbstractModel):
    """Files inside rows that outside users hand in (a licence's copy, a certificate): checked on the server.

    The file is a binary field with a file name field beside it, see ``_proposal_files``; outside users have no right on
    attachments. A row that *is* a file uses ``ctsp.file.mixin``.
    """

    _name = "ctsp.filing.file.mixin"
    _description = "Checked Files"

    @api.constrains(lambda self: tuple(name for pair in self._proposal_files.items() for name in pair))
    def _check_files(self):
        """Refuse what is not the kind of file its name says, and files above 20 MB."""
        for row in self:
            for name, filename in row._proposal_files.items():
                if row.with_context(bin_size=True)[name]:
                    row._check_file(name, row[filename])

    def _check_file(self, name, filename):
        label = self._fields[name].get_description(self.env, ["string"])["string"]
        try:
            content = base64.b64decode(self.with_context(bin_size=False)[name])
            if len(content) > MAX_MIB << 20:
                raise ValidationError(self.env._(
                    "%(field)s: the file is larger than %(limit)s MB.", field=label, limit=MAX_MIB))
            file_kinds.check(filename or "", content)
        except ValueError as error:
            raise ValidationError(self.env._(
                "%(field)s: “%(name)s” is not accepted. Accepted are undamaged files of the types %(types)s.",
                field=label, name=filename or "", types="、".join(file_kinds.MIME_TYPES))) from error
