from odoo import api, models


class AuditPort(models.AbstractModel):
    """Words for what this addon writes to the log."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "auth.unlock": self.env._("Account or address unlocked"),
            "auth.session_end": self.env._("Session ended"),
            "auth.certificate": self.env._("Certificate of a user"),
            "auth.signature": self.env._("Signature by certificate"),
            "envelope": self.env._("Message of another system"),
            "auth.key": self.env._("API key"),
            "auth.code": self.env._("One-time codes"),
        }

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | self._refusal_labels() | {
            "reason": self.env._("Reason"),
            "locked": self.env._("locked after failed attempts"),
            "busy": self.env._("too many sign-ins at once"),
            "provider": self.env._("cryptographic service not available"),
            "certificate": self.env._("Certificate"),
            "subject": self.env._("Holder"),
            "bound": self.env._("bound"),
            "emptied": self.env._("password in clear emptied"),
            "suspended": self.env._("suspended"),
            "revoked": self.env._("revoked"),
            "on": self.env._("turned on"),
            "off": self.env._("turned off"),
            "totp": self.env._("One-time Code"),
            "gateway": self.env._("Security Gateway"),
            "issued": self.env._("issued"),
            "owner": self.env._("by its user"),
            "admin": self.env._("by the security administrator"),
        }

    @api.model
    def _refusal_labels(self):
        """Why a proof of who somebody is was not believed."""
        return {
            "kind": self.env._("no way to begin a sign-in"),
            "second_late": self.env._("second step too late, or the account was changed meanwhile"),
            "unreadable": self.env._("not readable"),
            "not_bound": self.env._("certificate bound to no account"),
            "no_path": self.env._("certificate of an authority that is not believed"),
            "expired": self.env._("certificate expired"),
            "signature": self.env._("signature does not hold"),
            "replayed": self.env._("answered before"),
            "challenge_late": self.env._("answered too late"),
            "challenge_forged": self.env._("not a challenge of ours"),
            "challenge_other": self.env._("a challenge for something or somebody else"),
            "gateway_unknown": self.env._("no such gateway"),
            "gateway_address": self.env._("not from an address of the gateway"),
            "gateway_signature": self.env._("signature of the gateway does not hold"),
            "gateway_late": self.env._("said too long ago"),
            "gateway_host": self.env._("said for another host"),
            "gateway_unreadable": self.env._("not of the agreed form"),
            "session_seal": self.env._("session not as the platform wrote it"),
            "key_seal": self.env._("key not issued by the platform"),
            "key_address": self.env._("key used from another address"),
            "key_scope": self.env._("key does not cover this call"),
        }
