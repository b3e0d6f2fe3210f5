from datetime import datetime

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ctsp_crypto.keys import Lifecycle
from ctsp_crypto.keys.keyring import INTEGRITY

from ..tools import machine, rings
from ..tools.failure import told


class CryptoKey(models.Model):
    """One version of one key, wrapped. Rows are the key ring's: nobody creates, changes or deletes them by hand."""

    _name = "ctsp.crypto.key"
    _description = "Key"
    _order = "kind desc, key_id, version desc"
    _rec_name = "key_id"
    _log_access = False

    key_id = fields.Char("Key", required=True, readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection([("domain", "Domain Key"), ("data", "Data Key")], readonly=True, required=True)
    algorithm = fields.Char(readonly=True)
    parent = fields.Char("Wrapped By", readonly=True)
    parent_version = fields.Integer("Version of Wrapping Key", readonly=True, aggregator=None)
    wrapped = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    public = fields.Char("Public Key", readonly=True)
    check_value = fields.Char(readonly=True)
    state = fields.Selection(
        [("active", "In Use"), ("decrypt_only", "Reads Only"), ("destroyed", "Destroyed")], readonly=True)
    created_at = fields.Char(readonly=True)
    changed_at = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
    mac = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    purpose_id = fields.Many2one("ctsp.crypto.purpose", compute="_compute_about")
    about = fields.Char("What It Is For", compute="_compute_about")
    made_on = fields.Datetime("Made On", compute="_compute_about")

    _key_unique = models.Constraint("UNIQUE(key_id, version)", "There is this version already.")

    @api.depends("key_id", "created_at")
    @api.depends_context("lang")
    def _compute_about(self):
        purposes = {f"data/{purpose.code}": purpose for purpose in self.env["ctsp.crypto.purpose"].search([])}
        for key in self:
            key.purpose_id = purposes.get(key.key_id, False)
            key.about = key.purpose_id.name or key._about_domain()
            made = datetime.fromisoformat(key.created_at) if key.created_at else False
            key.made_on = made.replace(tzinfo=None) if made else False

    def _about_domain(self):
        if self.key_id == INTEGRITY:
            return self.env._("Integrity of the key store itself")
        return self.env._("Protects the keys of its domain") if self.kind == "domain" else False

    @api.depends("key_id", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for key in self:
            name = f"{key.about}（{key.key_id}）" if key.about else key.key_id
            key.display_name = f"{name} #{key.version}"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse_change()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse_change()

    def _refuse_change(self):
        raise AccessError(self.env._("Keys are made and changed by the platform alone."))

    @api.model
    @tools.ormcache(cache="stable")
    def _generation(self):
        """Return an object that is another one in every process as soon as it learns that keys were changed."""
        return object()

    def _changed(self):
        self.invalidate_model()
        self.env.registry.clear_cache("stable")  # _generation

    # -- the key ring's side -----------------------------------------------------------------------------------------

    @api.model
    def _ensure(self, purpose, domain, algorithm):
        """Make the data key of a purpose, its domain key and the key store where they are not there yet."""
        with told(self.env):
            machine.ensure_root()
            with rings.changing(self.env.cr) as ring:
                keeper, there = Lifecycle(ring), {record.id for record in ring.store.records()}
                if not there:
                    keeper.create_store()
                if f"domain/{domain}" not in there:
                    keeper.create_domain(domain)
                if f"data/{purpose}" not in there:
                    keeper.create_key(purpose, domain, algorithm)
        self.invalidate_model()

    @api.model
    def _rotate(self, key_id, reason=None):
        """Make a new version of a data or domain key and wrap anew what a domain key wraps. Return its version."""
        with told(self.env), rings.changing(self.env.cr) as ring:
            record = Lifecycle(ring).rotate(key_id)
            if record.kind == "domain":
                Lifecycle(ring).rewrap()
        self._changed()
        self.env["ctsp.audit.port"]._log(
            "crypto.key", action="rotated", key=key_id, version=record.version, reason=reason)
        return record.version

    @api.model
    def _destroy_version(self, key_id, version, by, reason):
        with told(self.env), rings.changing(self.env.cr) as ring:
            Lifecycle(ring).destroy(key_id, version, by, reason)
        self._changed()

    @api.model
    def _problems(self):
        """Return what is wrong with the key store, in words; empty when all is well."""
        with told(self.env), rings.opened(self.env.cr) as ring:
            return ring.verify()
