import logging

from odoo import api, models
from odoo.tools import SQL, split_every

from ..tools import files
from ..tools.failure import CryptoAltered

_logger = logging.getLogger(__name__)

SEALED = object()
"""value of the context key ``crypto_file`` for what is stored encrypted; no caller from outside can send it"""
DRAFTS = ("mail.compose.message", "mail.scheduled.message")
BATCH = 100


class IrAttachment(models.Model):
    """Files of our models, those of fields included, lie encrypted in the file store and are not indexed.

    The model a file belongs to decides; a class opts out by ``_files_in_clear = True``. Size and type stay what they
    are; the checksum is a keyed one. Whoever may read the attachment reads it as ever.
    Rule: GB/T 39786-2021 8.4 (storage, confidentiality).
    """

    _inherit = "ir.attachment"

    @api.model
    def _is_file_sealed(self, res_model):
        """Return whether files of a model are encrypted. Models that are not loaded yet count by their name."""
        if not res_model or getattr(self.env.get(res_model), "_files_in_clear", False):
            return False
        return res_model.startswith("ctsp.") or res_model in DRAFTS

    @api.model_create_multi
    def create(self, vals_list):
        sealed = [self._is_file_sealed(vals.get("res_model", self.env.context.get("default_res_model")))
                  for vals in vals_list]
        if not any(sealed):
            return super().create(vals_list)
        made = {
            kind: iter(super(IrAttachment, self._crypto_as(kind)).create(
                [vals for vals, one in zip(vals_list, sealed, strict=True) if one == kind]))
            for kind in set(sealed)
        }
        return self.browse([next(made[kind]).id for kind in sealed])

    def write(self, vals):
        result = super().write(vals)
        if vals.get("res_model"):
            self._crypto_seal_files()
        return result

    def _set_attachment_data(self, asbytes):
        sealed = self.filtered(lambda attachment: self._is_file_sealed(attachment.res_model))
        if sealed:
            super(IrAttachment, sealed._crypto_as(True))._set_attachment_data(asbytes)
        if clear := self - sealed:
            super(IrAttachment, clear)._set_attachment_data(asbytes)

    def _crypto_as(self, sealed):
        return self.with_context(crypto_file=SEALED) if sealed else self

    @api.model
    def _storage(self):
        """Encrypted files lie in the file store only."""
        return "file" if self.env.context.get("crypto_file") is SEALED else super()._storage()

    def _compute_checksum(self, bin_data):
        if self.env.context.get("crypto_file") is SEALED:
            return files.name_of(self.env["ctsp.crypto"], bin_data or b"")
        return super()._compute_checksum(bin_data)

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Never index what is encrypted: the index would be its clear text."""
        if files.is_sealed(checksum):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    # ---- the file store

    @api.model
    def _same_content(self, bin_data, filepath):
        return files.is_sealed(filepath) or super()._same_content(bin_data, filepath)

    @api.model
    def _file_write(self, bin_value, checksum):
        if not files.is_sealed(checksum):
            return super()._file_write(bin_value, checksum)
        fname, path = self._get_path(bin_value, checksum)
        if not self._crypto_is_stored(checksum, path):
            files.write(path, files.seal(self.env["ctsp.crypto"], checksum, bin_value))
            self._mark_for_gc(fname)
        return fname

    @api.model
    def _crypto_is_stored(self, name, path):
        """Return whether an equal file is there and opens; one whose key was rolled back with its maker does not."""
        try:
            with open(path, "rb") as stream:
                return files.opened(self.env["ctsp.crypto"], name, stream.read()) is not None
        except FileNotFoundError:
            return False

    @api.model
    def _file_read(self, fname, size=None):
        if not files.is_sealed(fname):
            return super()._file_read(fname, size)
        stored = super()._file_read(fname)
        if not stored:
            return stored
        content = files.opened(self.env["ctsp.crypto"], fname.rpartition("/")[2], stored)
        if content is None:
            _logger.info("the stored file %s is not what was put there", fname)
            raise CryptoAltered(self.env._(
                "This file cannot be decrypted: it was altered outside the platform. Tell the security administrator."))
        return content[:size] if size is not None else content

    def _to_http_stream(self):
        stream = super()._to_http_stream()
        if stream.type == "path" and files.is_sealed(self.store_fname):
            stream.type, stream.path = "data", None
            stream.data = self._file_read(self.store_fname)
            stream.size = len(stream.data)
        return stream

    # ---- what lies there in clear, and under older keys

    def _crypto_seal_files(self):
        """Encrypt those of these files that should be and are not; the clear ones go with the next clean-up."""
        for attachment in self.sudo():  # whoever moves a file, its form on disk is the platform's matter
            if attachment.type == "binary" and self._is_file_sealed(attachment.res_model) and (
                    (attachment.store_fname and not files.is_sealed(attachment.store_fname)) or attachment.db_datas):
                attachment.write({"raw": attachment.raw, "mimetype": attachment.mimetype})

    @api.model
    def _crypto_clear_ids(self):
        """Return the ids of attachments that should be encrypted and are not."""
        return [id_ for id_, res_model in self.env.execute_query(SQL(
            "SELECT id, res_model FROM ir_attachment WHERE type = 'binary' AND res_model IS NOT NULL "
            "AND (db_datas IS NOT NULL OR store_fname NOT LIKE 'x%%') ORDER BY id"))
            if self._is_file_sealed(res_model)]

    @api.model
    def _crypto_encrypt_waiting(self, commit=None):
        """Encrypt the files an older release left in clear: in batches, resumable; then remove the clear ones."""
        waiting = self._crypto_clear_ids()
        done = 0
        for ids in split_every(BATCH, waiting):
            self.browse(ids)._crypto_seal_files()
            self.env.flush_all()
            (commit or self.env.cr.commit)()
            self.env.invalidate_all()
            done += len(ids)
            _logger.info("attachments: %d of %d files encrypted", done, len(waiting))
        if waiting:
            self._gc_file_store_unsafe()

    @api.model
    def _crypto_under(self, version):
        """Return how many stored files lie under a version of the key."""
        names = self.env.execute_query(SQL(
            "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname LIKE 'x%%'"))
        return sum(self._version_of(fname) == version for (fname,) in names)

    @api.model
    def _version_of(self, fname):
        try:
            with open(self._full_path(fname), "rb") as stream:
                return files.head(stream.read(files.HEAD.size))[0]
        except (CryptoAltered, OSError):
            return None

    @api.model
    def _crypto_rewrap(self, after=0, limit=BATCH):
        """Encrypt the next stored files anew that lie under an older version of the key; each is replaced in place.

        :param after: the last attachment of the batch before
        :return: ``(files done, files that do not open, last id or None)``
        """
        rows = self.env.execute_query(SQL(
            "SELECT id, store_fname FROM ir_attachment WHERE store_fname LIKE 'x%%' AND id > %s ORDER BY id LIMIT %s",
            after, min(limit, BATCH)))
        door = self.env["ctsp.crypto"]
        current, done, broken = door._encrypt(files.PURPOSE, []).version, 0, 0
        for fname in dict.fromkeys(fname for _id, fname in rows):
            path, name = self._full_path(fname), fname.rpartition("/")[2]
            try:
                with open(path, "rb") as stream:
                    if files.head(stream.read(files.HEAD.size))[0] == current:
                        continue
                files.write(path, files.seal(door, name, self._file_read(fname)))
                done += 1
            except (CryptoAltered, OSError):
                broken += 1
        return done, broken, rows[-1][0] if rows else None
