import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools import digest
from odoo.addons.ctsp_crypto.fields import EncryptedJson

MAKE_TOKEN = object()
"""Put into the context by ``ctsp.institution._make_version``: an object that no caller from outside can send."""
WRITABLE = {"content", "personal", "digest"}
"""within the transaction that made it"""
SIGNATURE = {"integrity_signature", "integrity_key_ref", "integrity_version"}
"""written by the signer, as superuser, beside what is signed"""


class InstitutionVersion(models.Model):
    """What the registry said about an institution at one moment: an immutable snapshot.

    Nobody can create, change or delete one, the superuser included; the institution makes them. Personal
    values lie in a part of their own, which is encrypted and re-keyed without touching the rest.
    """

    _name = "ctsp.institution.version"
    _description = "Version of an Institution"
    _inherit = ["ctsp.integrity.mixin", "ctsp.owned.mixin", "ctsp.encrypted.mixin"]
    _order = "institution_id, number desc"
    _rec_name = "number"
    _owner_path = "institution_id.partner_id"
    _integrity_fields = {1: ("institution_id", "number", "date", "kind", "digest")}
    # a snapshot is complete: it holds fields closed to institutions, too
    _desk_hidden = ("content", "content_html", "changes_html", "is_genuine", "reason", "author_id")

    institution_id = fields.Many2one(
        "ctsp.institution", required=True, readonly=True, index=True, ondelete="restrict")
    number = fields.Integer("Version No.", required=True, readonly=True, aggregator=None)
    date = fields.Datetime("Made On", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("filing", "Filing"), ("import", "Import"), ("correction", "Correction")], required=True, readonly=True)
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True, index=True)
    origin_label = fields.Char("Made By", readonly=True)
    reason = fields.Char(readonly=True)
    author_id = fields.Many2one(
        "res.users", readonly=True, groups="ctsp_base.group_regulator", ondelete="restrict")
    content = fields.Json("Snapshot", readonly=True, required=True, prefetch=False)
    personal = EncryptedJson("Personal Part", readonly=True, groups=fields.NO_ACCESS, prefetch=False)
    digest = fields.Char("SM3 Digest", readonly=True, required=True)
    is_genuine = fields.Boolean("Digest Matches", compute="_compute_is_genuine")

    _number_unique = models.Constraint("unique (institution_id, number)", "This version exists already.")

    @api.depends("number", "date")
    def _compute_display_name(self):
        for version in self:
            day = fields.Datetime.context_timestamp(self, version.date).date() if version.date else ""
            version.display_name = self.env._("Version %(number)s (%(date)s)", number=version.number, date=day)

    @api.model
    def _digest_of(self, content):
        """Return the SM3 digest of the content in canonical form (sorted keys, no spaces, UTF-8)."""
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return digest.sm3(text.encode())

    @api.depends("content", "digest")
    def _compute_is_genuine(self):
        for version in self:
            version.is_genuine = self._digest_of(version.content) == version.digest

    def _says(self, content, personal):
        """Tell whether the version (none or one) says exactly this. Asked in superuser mode only."""
        return bool(self) and self.content == content and (self.personal or {}) == personal

    def _previous(self):
        """Return the version before this one, empty for the first."""
        self.ensure_one()
        return self.search([
            ("institution_id", "=", self.institution_id.id), ("number", "<", self.number)], limit=1)

    def action_open_origin(self):
        """Open the record that caused this version, an approved filing say, with the reader's own rights (button)."""
        self.ensure_one()
        known = self.origin_model in self.env and self.origin_id
        origin = known and self.env[self.origin_model].browse(self.origin_id).exists()
        if not origin:
            raise UserError(self.env._("What made this version is not there any more, or was no record."))
        origin.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": origin._name, "res_id": origin.id,
            "views": [(False, "form")], "name": origin.display_name,
        }

    # nobody alters history

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("ctsp_version_token") is not MAKE_TOKEN:
            raise AccessError(self.env._("Versions are made by the registry itself; nobody can add one."))
        return super().create(vals_list)

    def write(self, vals):
        allowed = self.env.context.get("ctsp_version_token") is MAKE_TOKEN and set(vals) <= WRITABLE
        if not allowed and not (self.env.su and set(vals) <= SIGNATURE):
            raise AccessError(self.env._("A version of an institution cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _refuse_unlink(self):
        raise AccessError(self.env._("A version of an institution cannot be deleted."))

    def _complete(self, content, personal):
        """Bring a version up to date within the transaction that made it."""
        self.with_context(ctsp_version_token=MAKE_TOKEN).write(
            {"content": content, "personal": personal, "digest": self._digest_of(content)})
