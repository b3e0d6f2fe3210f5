from odoo import fields, models
from odoo.exceptions import AccessDenied

from ..tools.place import place


class ResUsers(models.Model):
    """Sign-in by certificate: alone, or as the second factor."""

    _inherit = "res.users"

    certificate_ids = fields.One2many(
        "ctsp.auth.certificate", "user_id", groups="base.group_system,ctsp_base.group_security_admin")

    def _login(self, credential, user_agent_env):
        if credential.get("type") == "certificate" and not credential.get("login"):
            return self._refuse_stranger(credential)
        return super()._login(credential, user_agent_env)

    def _refuse_stranger(self, credential):
        """Refuse a certificate that is bound to nobody, after the checks that say for the log what it is."""
        certificates = self.env["ctsp.auth.certificate"]
        try:
            with self._assert_can_auth(user=certificates._label_of(credential["answer"])):
                certificate = certificates._proven(credential["answer"], "sign-in", *place())
                raise certificates._refused(
                    "not_bound", certificate=certificate.serial_text, subject=certificate.subject_text[:120])
        except AccessDenied as refusal:
            detail = getattr(refusal, "detail", {})
            self.env["ctsp.audit.port"]._log_failure("sign_in", who=detail.get("subject", "")[:64], **detail)
            raise

    def _check_credentials(self, credential, env):
        if credential["type"] != "certificate" or not credential.get("answer"):
            return super()._check_credentials(credential, env)
        certificates = self.env["ctsp.auth.certificate"]
        purpose = "second" if credential.get("second") else "sign-in"
        certificate = certificates._proven(credential["answer"], purpose, *place())
        row = certificates._bound(certificate).filtered(lambda row: row.user_id == self.env.user)
        if not row:
            raise certificates._refused("not_bound", certificate=certificate.serial_text)
        row._confirm(certificate, "certificate", subject=certificate.subject_text[:120])
        row._note_use()
        return {"uid": self.env.uid, "auth_method": "certificate", "mfa": "skip", "certificate_id": row.id}
