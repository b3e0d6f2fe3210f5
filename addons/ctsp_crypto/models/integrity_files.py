import os

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import evidence, files


class IntegrityFiles(models.AbstractModel):
    """Files of protected rows: the evidence holds the digest that stands in the row, here the file is held against it.

    The name of an encrypted file is made of its size and digest, and its bytes open under that name only: no file is
    read where the name is right. Bytes altered in place do not open for whoever reads them.
    """

    _inherit = "ctsp.integrity"

    @api.model
    def _check_files(self, protection, ids):
        """Find, of rows that agree with their evidence, those whose file was exchanged, cut or taken away."""
        found = []
        for name, digest in protection.files.items():
            bad = {res_id: stored for res_id, attachment, text, stored in self._misnamed(protection, name, digest, ids)
                   if not self._is_content(attachment, text)}
            found += [evidence.Finding("altered", protection.model, res_id, name, present=bad[res_id])
                      for res_id in sorted(bad)]
        return found

    @api.model
    def _misnamed(self, protection, name, digest, ids):
        """Return ``[(row, attachment, digest, name in the store)]`` where the file has another name or size, or there
        is none.
        """
        rows = self.env.execute_query(SQL(
            """SELECT t.id, a.id, %(digest)s, coalesce(a.file_size, 0), a.store_fname
                 FROM %(table)s t LEFT JOIN ir_attachment a
                      ON a.res_model = %(model)s AND a.res_field = %(name)s AND a.res_id = t.id
                WHERE t.id = ANY(%(ids)s) AND %(digest)s IS NOT NULL""",
            digest=SQL.identifier("t", digest), table=SQL.identifier(protection.table), model=protection.model,
            name=name, ids=list(ids)))
        names = files.names_of(self.env["ctsp.crypto"], [(size, text) for _id, _file, text, size, _fname in rows])
        return [(res_id, attachment, text, fname)
                for (res_id, attachment, text, size, fname), wanted in zip(rows, names)
                if (fname or "").rpartition("/")[2] != wanted or not self._is_there(fname, size)]

    @api.model
    def _is_there(self, fname, size):
        try:
            return os.path.getsize(self.env["ir.attachment"]._full_path(fname)) == files.stored_size(size)
        except OSError:
            return False

    @api.model
    def _is_content(self, attachment, digest):
        """Read a file that is not stored as it would be now: in clear still, or under a name of before."""
        try:
            # superuser: the check does not depend on who asks
            return bool(attachment) and sm3(self.env["ir.attachment"].sudo().browse(attachment).raw or b"") == digest
        except UserError:  # it does not open
            return False
