import base64
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools.defaults import without_defaults

from ctsp_crypto.keys import backup
from ctsp_crypto.secret import Secret

from ..fields import EncryptedBinary, EncryptedChar
from ..tools import rings
from ..tools.failure import told

STATES = [("draft", "Draft"), ("asked", "To Be Approved"), ("done", "Exported"), ("refused", "Refused"),
          ("wiped", "Wiped")]
TYPED = frozenset({"phrase", "phrase_again"})
ASKED = TYPED | {"reason"}
SHORTEST = backup.MIN_PASSPHRASE
KEPT = timedelta(days=1)


class CryptoExport(models.Model):
    """The export of all keys for safe keeping, under dual control: one asks, another approves.

    What is exported is a bundle that nobody can open alone: its key is split, and each of the two downloads a share of
    his own, encrypted with the passphrase that he chose. Everything is wiped here after a day, or at once when both say
    so. GB/T 39786-2021 8.4, GM/T 0054.
    """

    _name = "ctsp.crypto.export"
    _description = "Export of the Keys"
    _inherit = ["ctsp.encrypted.mixin"]
    _order = "id desc"
    _rec_name = "reason"
    _audit_what = "write"
    _integrity_fields = {1: ("reason", "state", "asked_by", "decided_by", "decided_at")}

    reason = fields.Char(required=True)
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, index=True)
    asked_by = fields.Many2one("res.users", readonly=True)
    decided_by = fields.Many2one("res.users", "Approved or Refused By", readonly=True)
    decided_at = fields.Datetime("Approved or Refused At", readonly=True)
    phrase = fields.Char("Your Passphrase", compute="_compute_phrase", inverse="_inverse_phrase",
                         help="At least 12 characters, known to you alone; without it your share cannot be opened.")
    phrase_again = fields.Char("Your Passphrase Again", compute="_compute_phrase", inverse="_inverse_phrase_again")
    phrase_asked = EncryptedChar(groups=fields.NO_ACCESS, copy=False)
    phrase_approved = EncryptedChar(groups=fields.NO_ACCESS, copy=False)
    phrase_by = fields.Many2one("res.users", groups=fields.NO_ACCESS, copy=False)
    bundle = EncryptedBinary(groups=fields.NO_ACCESS, copy=False)
    share_asked = EncryptedBinary(groups=fields.NO_ACCESS, copy=False)
    share_approved = EncryptedBinary(groups=fields.NO_ACCESS, copy=False)
    bundle_file = fields.Binary("Bundle of Keys", compute="_compute_files")
    bundle_name = fields.Char(compute="_compute_files")
    share_file = fields.Binary("Your Share", compute="_compute_files")
    share_name = fields.Char(compute="_compute_files")
    is_asker = fields.Boolean(compute="_compute_is_asker")

    @api.depends("asked_by")
    @api.depends_context("uid")
    def _compute_is_asker(self):
        for one in self:
            one.is_asker = one.asked_by == self.env.user

    def _compute_phrase(self):
        """Never shown again."""
        self.phrase = self.phrase_again = False

    def _inverse_phrase_again(self):
        """Compared where it comes in (:meth:`_check_typed`), and kept nowhere."""

    def _check_typed(self, vals):
        """A slip of the finger would show only on the day when the share is needed."""
        if vals.get("phrase") and vals["phrase"] != vals.get("phrase_again"):
            raise UserError(self.env._("Your Passphrase Again: the two entries differ. Please enter both anew."))

    def _inverse_phrase(self):
        for one in self.filtered("phrase"):
            if len(one.phrase) < SHORTEST:
                raise UserError(self.env._("Your Passphrase: at least %(count)s characters.", count=SHORTEST))
            if one.state == "asked":
                one._check_other()
            name = "phrase_approved" if one.state == "asked" else "phrase_asked"
            one.sudo().write({name: one.phrase, "phrase_by": self.env.uid})  # superuser: nobody reads it

    @api.depends("state", "bundle", "share_asked", "share_approved")
    @api.depends_context("uid")
    def _compute_files(self):
        for one in self:
            kept = one.sudo()  # superuser: each is given his own share, and the bundle, alone
            share = {one.asked_by: kept.share_asked, one.decided_by: kept.share_approved}.get(self.env.user)
            there = one.state == "done" and share
            one.bundle_file, one.share_file = (kept.bundle, share) if there else (False, False)
            one.bundle_name = f"keys-{one.id}.bundle"
            one.share_name = f"keys-{one.id}-{self.env.user.login}.share"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        if any(vals.keys() - ASKED for vals in vals_list):
            self._refuse_course()
        for vals in vals_list:
            self._check_typed(vals)
        return super(CryptoExport, without_defaults(self)).create(vals_list)

    def write(self, vals):
        allowed = {"draft": ASKED, "asked": TYPED}
        if not self.env.su and any(vals.keys() - allowed.get(one.state, set()) for one in self):
            self._refuse_course()
        self._check_typed(vals)
        return super().write(vals)

    def _refuse_course(self):
        raise AccessError(self.env._("The course of an export is written by its steps alone."))

    # ---- steps

    def action_ask(self):
        """Ask another security administrator to approve."""
        self._check_step("draft")
        self._check_phrase()
        self.sudo().write({"state": "asked", "asked_by": self.env.uid})  # superuser: the step was checked

    def action_approve(self):
        """Make the bundle and the two shares: by somebody else than who asked."""
        self._check_step("asked")
        self._check_other()
        self._check_phrase()
        files = self._made()
        self._decide("done", **files)
        self.env["ctsp.audit.port"]._log(
            "crypto.key", self, action="exported", reason=self.reason, by=self.asked_by.sudo().login)

    def action_refuse(self):
        self._check_step("asked")
        self._check_other()
        self._decide("refused")

    def action_wipe(self):
        """Take the files away here; what was downloaded stays with those two."""
        self._check_step("done")
        self._wipe()

    @api.model
    def _cron_wipe(self):
        """Take away what lies here for more than a day."""
        self.search([("state", "=", "done"), ("decided_at", "<", fields.Datetime.now() - KEPT)])._wipe()

    def _wipe(self):
        # superuser: the step was checked
        self.sudo().write({"state": "wiped", "bundle": False, "share_asked": False, "share_approved": False})

    def _made(self):
        kept = self.sudo()  # superuser: the passphrases of both
        people = [(self.asked_by.sudo(), kept.phrase_asked), (self.env.user, kept.phrase_approved)]
        if kept.phrase_asked == kept.phrase_approved:
            raise UserError(self.env._("Your Passphrase: the other person chose the same one; choose another."))
        custodians = [backup.Custodian(user.login, Secret(phrase.encode())) for user, phrase in people]
        with told(self.env), rings.opened(self.env.cr) as ring:
            made = backup.make(ring, custodians, len(custodians), datetime.now(UTC))
        shares = [base64.b64encode(made.shares[user.login]) for user, _phrase in people]
        return {"bundle": base64.b64encode(made.bundle), "share_asked": shares[0], "share_approved": shares[1]}

    def _decide(self, state, **values):
        # superuser: the step was checked
        self.sudo().write({"state": state, "decided_by": self.env.uid, "decided_at": fields.Datetime.now(),
                           "phrase_asked": False, "phrase_approved": False, **values})

    def _check_step(self, state):
        self.ensure_one()
        self.check_access("write")
        if self.state != state:
            raise UserError(self.env._("This step is not possible any more: please reload the page."))

    def _check_phrase(self):
        if self.sudo().phrase_by != self.env.user:  # superuser: whose the newest one is
            raise UserError(self.env._("Your Passphrase: please enter it first."))

    def _check_other(self):
        if self.asked_by == self.env.user:
            raise UserError(self.env._("Dual control: another security administrator must approve or refuse."))
