from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools.defaults import without_defaults

STATES = [("draft", "Draft"), ("asked", "To Be Confirmed"), ("done", "Destroyed"), ("refused", "Refused")]


class CryptoDestruction(models.Model):
    """The destruction of an old version of a key, under dual control: one asks, another confirms.

    Only versions that nothing needs any more: neither a ciphertext, nor a code that must remain verifiable, nor a key
    below. What is destroyed leaves its record with who, why and check value. GB/T 39786-2021 8.4, GM/T 0054.
    """

    _name = "ctsp.crypto.destruction"
    _description = "Destruction of an Old Key"
    _order = "id desc"
    _rec_name = "key_id"
    _audit_what = "write"
    _integrity_fields = {1: ("key_id", "reason", "state", "asked_by", "decided_by", "decided_at")}

    key_id = fields.Many2one(
        "ctsp.crypto.key", "Version of a Key", required=True, ondelete="restrict", index=True,
        domain=[("state", "=", "decrypt_only")])
    reason = fields.Char(required=True)
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, index=True)
    asked_by = fields.Many2one("res.users", readonly=True)
    decided_by = fields.Many2one("res.users", "Confirmed or Refused By", readonly=True)
    decided_at = fields.Datetime("Confirmed or Refused At", readonly=True)
    is_asker = fields.Boolean(compute="_compute_is_asker")
    needed_text = fields.Text("Still Needed By", compute="_compute_needed_text")

    _open_unique = models.UniqueIndex("(key_id) WHERE state = 'asked'", "Somebody has asked for this already.")

    @api.depends("asked_by")
    @api.depends_context("uid")
    def _compute_is_asker(self):
        for one in self:
            one.is_asker = one.asked_by == self.env.user

    @api.depends("key_id", "state")
    def _compute_needed_text(self):
        keys = self.env["ctsp.crypto.key"].sudo()  # superuser: counts, over tables the administrator does not read
        for one in self:
            key = keys.browse(one.key_id.id)
            one.needed_text = "\n".join(key._needed_by()) if key and one.state in ("draft", "asked") else False

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        if any(vals.keys() - {"key_id", "reason"} for vals in vals_list):
            self._refuse_course()
        return super(CryptoDestruction, without_defaults(self)).create(vals_list)

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"key_id", "reason"} or any(one.state != "draft" for one in self)):
            self._refuse_course()
        return super().write(vals)

    def _refuse_course(self):
        raise AccessError(self.env._("The course of a destruction is written by its steps alone."))

    def action_ask(self):
        """Ask another security administrator to confirm."""
        self._check_step("draft")
        self._check_not_needed()
        self.sudo().write({"state": "asked", "asked_by": self.env.uid})  # superuser: the step was checked

    def action_confirm(self):
        """Destroy the version: by somebody else than who asked."""
        self._check_step("asked")
        self._check_other()
        self._check_not_needed()
        by = self.env._("%(one)s and %(other)s", one=self.asked_by.sudo().login, other=self.env.user.login)
        self._decide("done")
        self.env["ctsp.crypto.key"]._destroy(self.key_id, by, self.reason)

    def action_refuse(self):
        self._check_step("asked")
        self._check_other()
        self._decide("refused")

    def _decide(self, state):
        # superuser: the step was checked
        self.sudo().write({"state": state, "decided_by": self.env.uid, "decided_at": fields.Datetime.now()})

    def _check_step(self, state):
        self.ensure_one()
        self.check_access("write")
        if self.state != state:
            raise UserError(self.env._("This step is not possible any more: please reload the page."))

    def _check_other(self):
        if self.asked_by == self.env.user:
            raise UserError(self.env._("Dual control: another security administrator must confirm or refuse."))

    def _check_not_needed(self):
        if needed := self.key_id.sudo()._needed_by():  # superuser: as above
            raise UserError(self.env._(
                "“%(key)s” cannot be destroyed, it is still needed by: %(what)s", key=self.key_id.display_name,
                what="；".join(needed)))
