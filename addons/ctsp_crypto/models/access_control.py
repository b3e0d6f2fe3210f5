"""Access-control information: the rows that say who may do what. Signed as the platform changes them."""
import time
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessDenied

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools.once import once
from .executable import CODE

ACCESS = frozenset({
    "res.users", "res.groups", "ir.model.access", "ir.rule", "ctsp.workflow.rule", "ctsp.parameter.value",
    "ctsp.crypto.purpose", "ctsp.audit.scope", "ctsp.security.mark", "res.groups.privilege", "res.partner",
    "ctsp.desk.entry", "ctsp.audit.pattern",
}) | CODE
EMERGENCY = 2  # base.user_admin: a name can be given to another row
RECENT = 60  # seconds for which the look at a user counts where calls come many times a minute
_seen: dict[tuple[str, int], float] = {}  # (database, user): when nothing was found


class AlteredAccount(AccessDenied):
    """Whoever he is, his rights are not those the platform gave him. Logged with the reason, no wrong guess."""

    counted, detail = False, {"reason": "altered"}


USER = ("login", "active", "share", "password", "partner_id", "company_id", "group_ids")


class ResUsers(models.Model):
    """Accounts: sign-in name, state, roles and the verifier of the password are protected."""

    _inherit = "res.users"
    _integrity_fields = {1: USER}

    def _set_encrypted_password(self, uid, pw):
        result = super()._set_encrypted_password(uid, pw)
        self.env["ctsp.integrity"]._touch("res.users", (uid,), ("password",))
        return result

    def _update_last_login(self):
        """Keep out whose access control was altered: after his proof, before anything says that he signed in."""
        if self.env["ctsp.integrity"]._is_blocked(self):
            self._refuse_altered()
        return super()._update_last_login()

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        super()._check_uid_passwd(uid, passwd)
        self._check_remote(self.browse(uid))

    def _log_sign_in(self, method):
        if method == "rpc":
            self._check_remote(self)
        return super()._log_sign_in(method)

    @api.model
    def _check_remote(self, user):
        if self.env["ctsp.integrity"]._is_blocked_remotely(user):
            self._refuse_altered()

    def _refuse_altered(self):
        raise AlteredAccount(self.env._(
            "The rights of this account were altered outside the platform. Tell the security administrator."))


class ResUsersApikeys(models.Model):
    """Keys open nothing for an account whose access control was altered."""

    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        uid = super()._check_credentials(scope=scope, key=key)
        user = self.env["res.users"].browse(uid or ())
        if user and self.env["ctsp.integrity"]._is_blocked_remotely(user):
            self.env["ctsp.audit.port"]._log_failure(
                "sign_in", who=user.sudo().login, method="api_key", reason="altered")  # sudo: a name for the log
            return None
        return uid


class ResPartner(models.Model):
    """Organisations and their people: whose records an institution's user sees goes by his organisation."""

    _inherit = "res.partner"
    _integrity_fields = {1: ("parent_id", "commercial_partner_id", "is_company", "active")}


class ResGroups(models.Model):
    """Roles: what they imply."""

    _inherit = "res.groups"
    _integrity_fields = {1: ("name", "share", "privilege_id", "implied_ids")}


class ResGroupsPrivilege(models.Model):
    """What roles are for: whether one is among those that are handed out on screens."""

    _inherit = "res.groups.privilege"
    _integrity_fields = {1: ("category_id",)}


class IrModelAccess(models.Model):
    """Rights on models."""

    _inherit = "ir.model.access"
    _integrity_fields = {1: (
        "name", "active", "model_id", "group_id", "perm_read", "perm_write", "perm_create", "perm_unlink")}


class IrRule(models.Model):
    """Record rules."""

    _inherit = "ir.rule"
    _integrity_fields = {1: (
        "name", "active", "model_id", "groups", "domain_force", "perm_read", "perm_write", "perm_create",
        "perm_unlink")}


class WorkflowRule(models.Model):
    """Who may take which step."""

    _inherit = "ctsp.workflow.rule"
    _integrity_fields = {1: ("key", "enabled", "group_ids")}


class ParameterValue(models.Model):
    """Time limits and security policy: whether an altered account is kept out is one of them."""

    _inherit = "ctsp.parameter.value"
    _integrity_fields = {1: ("parameter_id", "valid_from", "value")}


class CryptoPurpose(models.Model):
    """Which key protects what."""

    _inherit = "ctsp.crypto.purpose"
    _integrity_fields = {1: ("code", "algorithm", "domain", "locators", "may_queue")}


class AuditScope(models.Model):
    """What is logged."""

    _inherit = "ctsp.audit.scope"
    _integrity_fields = {1: ("model_id", "reads", "active")}


class Integrity(models.AbstractModel):
    """The access-control rows of one user, looked at when he signs in."""

    _inherit = "ctsp.integrity"

    @api.model
    def _access_models(self):
        """Return the protected models that are access-control information."""
        return ACCESS

    @api.model
    def _check_user(self, user):
        """Compare the user's own row, his organisation's and those of his roles with their evidence."""
        user = user.sudo()  # superuser: the check does not depend on what he may read
        people = user.partner_id | user.partner_id.commercial_partner_id
        return (self._check("res.users", user.ids) + self._check("res.partner", people.ids)
                + self._check("res.groups", user.all_group_ids.ids))

    @api.model
    def _is_blocked(self, user):
        """Check a user who is about to sign in, raise an alert if something was altered, and say if he is kept out."""
        if not self.env["ctsp.crypto.purpose"]._facts("integrity.mac"):
            return False
        findings = self._check_user(user)
        if not findings:
            return False
        self._announce(user, findings)
        blocks = self.env["ctsp.parameter"].sudo()._get("crypto.block_altered_user")
        return blocks and not self._may_repair(user, findings)

    @api.model
    def _is_blocked_remotely(self, user):
        """As :meth:`_is_blocked`, for calls that come many times a minute: a good look counts for a while."""
        place, now = (self.env.cr.dbname, user.id), time.monotonic()
        if now - _seen.get(place, -RECENT) < RECENT:
            return False
        blocked = self._is_blocked(user)
        if not blocked:
            _seen[place] = now
        return blocked

    @api.model
    def _may_repair(self, user, findings):
        """Let in the emergency account, and superusers as the platform made them: somebody must be able to repair.

        Who was made a superuser, or got another password, past the platform is none of them.
        """
        altered = {found.name for found in findings}  # None: the whole row, or its evidence
        if "password" in altered:
            return False
        return user.id == EMERGENCY or (
            not altered & {"group_ids", "implied_ids", None} and user.has_group("base.group_system"))

    @api.model
    def _announce(self, user, findings):
        """Keep the findings and raise an alert, on a cursor of their own: the sign-in may be rolled back."""
        with self._announcing("integrity.user", user, findings) as found:
            found._tell(user.login, found.env._(
                "Access-control information of “%(login)s” was altered outside the platform.", login=user.login))

    @contextmanager
    def _announcing(self, event, records, findings):
        """Log and keep findings; yield, on a cursor of their own, those an alert has to tell of."""
        self.env["ctsp.audit.port"]._log_failure(event, records, findings=[
            {"kind": found.kind, "model": found.model, "id": found.res_id, "field": found.name} for found in findings])
        with once(), self.env.registry.cursor() as cr:
            issues = in_record_language(self.with_env(self.env(cr=cr, su=True)).env["ctsp.integrity.issue"])
            yield issues._note(findings)._to_tell()
