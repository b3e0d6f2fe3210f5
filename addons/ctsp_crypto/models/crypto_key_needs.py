from odoo import api, models
from odoo.tools import SQL

from ..tools import files, rewrap
from .audit_macer import MAC as LOG_MAC
from .integrity import MAC

LOG_TABLES = ("ctsp_audit_log", "ctsp_audit_seal", "ctsp_integrity_seal", "ctsp_audit_archive")


class CryptoKey(models.Model):
    """What still needs a version of a key. Addons with purposes of their own extend :meth:`_needed_of`."""

    _inherit = "ctsp.crypto.key"

    @api.model
    def _destroy(self, key, by, reason):
        """Wipe one version; its record stays. The caller has asked :meth:`_needed_by`."""
        self._destroy_version(key.key_id, key.version, by, reason)
        self.env["ctsp.audit.port"]._log(
            "crypto.key", action="destroyed", key=key.key_id, version=key.version, by=by, reason=reason)

    def _needed_by(self):
        """Return in words what would be lost with this version; empty: nothing."""
        self.ensure_one()
        if self.state != "decrypt_only":
            return [self.env._("present work: only versions that were replaced can be destroyed")]
        if self.kind == "domain":
            below = self.search_count([
                ("parent", "=", self.key_id), ("parent_version", "=", self.version), ("state", "!=", "destroyed")])
            return [self.env._("%(count)s keys that it wraps", count=below)] if below else []
        if self.algorithm == "SM2":
            return self._sealed_with()  # signatures are verified with the public key, which stays
        purpose = self.key_id.removeprefix("data/")
        counted = self._needed_of(purpose, self.version)
        if counted is None:
            return [self.env._("nobody can tell: no addon says what this key protects")]
        return [f"{label}：{count}" for label, count in counted if count]

    def _sealed_with(self):
        """A renewed key waits for its certificate; the one before signs until then."""
        certificates = self.env["ctsp.crypto.certificate"]
        own = certificates.search([("purpose", "=", self.key_id.removeprefix("data/")), ("kind", "=", "licensed")])
        in_use = own and certificates._current(own[0].purpose)
        if in_use and in_use.key_version == self.version:
            return [self.env._("present work: papers are sealed with it until the new key has its certificate")]
        return []

    @api.model
    def _needed_of(self, purpose, version):
        """Return ``[(label, number)]`` of what needs this version of the key of a purpose; None: nobody knows."""
        if purpose == LOG_MAC:
            return self._needed_for_log(f"{purpose}:{version}")
        if purpose == MAC:
            return [(self.env._("rows whose evidence lies under it"), self._count(SQL(
                """ctsp_integrity_entry e WHERE e.res_id > 0 AND e.key_version = %s AND NOT EXISTS (
                       SELECT FROM ctsp_integrity_entry n
                        WHERE n.model = e.model AND n.res_id = e.res_id AND n.revision > e.revision)""", version)))]
        found = None
        rotation = self.env["ctsp.crypto.rotation"]
        for model in self.env["ctsp.encrypted.mixin"]._crypto_models():
            if purpose in rotation._purposes_of(model):
                rows = self._count(SQL("%s WHERE %s", SQL.identifier(model._table), rewrap.stale(model)))
                found = [*(found or []), (self.env["ir.model"]._get(model._name).name, rows)]
        if purpose == files.PURPOSE:
            found = [(self.env._("files"), self.env["ir.attachment"]._crypto_under(version))]
        return found

    @api.model
    def _needed_for_log(self, key_ref):
        """Rows of the log, and all seals, stay under the version that wrote them: they must remain verifiable."""
        labels = (self.env._("rows of the log"), self.env._("seals of the log"), self.env._("seals of the evidence"),
                  self.env._("archived months"))
        return [(label, self._count(SQL("%s WHERE mac_key = %s", SQL.identifier(table), key_ref)))
                for table, label in zip(LOG_TABLES, labels, strict=True)]

    @api.model
    def _count(self, condition):
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", condition))
        return self.env.cr.fetchone()[0]
