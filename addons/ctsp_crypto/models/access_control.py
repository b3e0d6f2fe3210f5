"""Access-control information: the rows that say who may do what. Signed as the platform changes them."""
from odoo import api, models
from odoo.exceptions import AccessDenied

from odoo.addons.ctsp_base.tools.language import in_record_language

ACCESS = frozenset({
    "res.users", "res.groups", "ir.model.access", "ir.rule", "ctsp.workflow.rule", "ctsp.parameter.value",
    "ctsp.crypto.purpose", "ctsp.audit.scope",
})


class ResUsers(models.Model):
    """Accounts: sign-in name, state, roles and the verifier of the password are protected."""

    _inherit = "res.users"
    _integrity_fields = {1: ("login", "active", "share", "password", "partner_id", "company_id", "group_ids")}

    def _set_encrypted_password(self, uid, pw):
        result = super()._set_encrypted_password(uid, pw)
        self.env["ctsp.integrity"]._touch("res.users", (uid,), ("password",))
        return result

    def _login(self, credential, user_agent_env):
        auth_info = super()._login(credential, user_agent_env)
        user = self.env(user=auth_info["uid"]).user
        if self.env["ctsp.integrity"]._is_blocked(user):
            raise AccessDenied()
        return auth_info


class ResGroups(models.Model):
    """Roles: what they imply."""

    _inherit = "res.groups"
    _integrity_fields = {1: ("name", "share", "privilege_id", "implied_ids")}


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
        """Compare the user's own row and those of his roles with their evidence."""
        user = user.sudo()  # superuser: the check does not depend on what he may read
        return self._check("res.users", user.ids) + self._check("res.groups", user.all_group_ids.ids)

    @api.model
    def _is_blocked(self, user):
        """Check a user who is about to sign in, raise an alert if something was altered, and say if he is kept out.

        The emergency account is let in: somebody must be able to repair.
        """
        if not self.env["ctsp.crypto.purpose"]._facts("integrity.mac"):
            return False
        findings = self._check_user(user)
        if not findings:
            return False
        self._announce(user, findings)
        blocks = self.env["ctsp.parameter"].sudo()._get("crypto.block_altered_user")
        return blocks and not user.has_group("base.group_system")

    @api.model
    def _announce(self, user, findings):
        """Keep the findings and raise an alert, on a cursor of their own: the sign-in may be rolled back."""
        self.env["ctsp.audit.port"]._log_failure("integrity.user", user, findings=[
            {"kind": found.kind, "model": found.model, "id": found.res_id, "field": found.name} for found in findings])
        with self.env.registry.cursor() as cr:
            issues = in_record_language(self.with_env(self.env(cr=cr, su=True)).env["ctsp.integrity.issue"])
            issues.create([issues._values(found) for found in findings])
            issues.env["ctsp.audit.alert"]._raise("tampering", user.login, len(findings), issues.env._(
                "Access-control information of “%(login)s” was altered outside the platform.", login=user.login))
