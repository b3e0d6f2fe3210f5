from odoo import api, fields, models

from ctsp_crypto.choice.chooser import PORTS

from ..tools import machine
from ..tools.uses import Use

DOOR = ("ctsp_crypto/models/crypto.py",)
LIFE = ("crypto:keys/lifecycle.py",)
WRAPPING = ("crypto:keys/keyring.py", *LIFE)
PAPERS, CHAINS = ("crypto:signatures/cms.py",), ("crypto:certificates/verification.py",)
STAMPS = ("ctsp_crypto/tools/stamps.py", "ctsp_crypto/models/crypto_stamp.py")


class CryptoStatus(models.TransientModel):
    """What each port is used for, by whom it is served: a port that nothing calls is not listed as in use."""

    _inherit = "ctsp.crypto.status"

    use_ids = fields.One2many("ctsp.crypto.status.use", "status_id", "Uses", readonly=True)

    @api.model
    def _uses(self):
        """Return the :class:`Use` of this addon; each addon above adds its own."""
        return [
            Use("macer", self.env._("codes of log, important data and access control; blind indexes"), DOOR),
            Use("cipher", self.env._("encryption of personal data and files"), DOOR),
            Use("cipher", self.env._("wrapping of keys"), WRAPPING),
            Use("signer", self.env._("system signatures of important data and of seals"), DOOR),
            Use("signer", self.env._("seals of final papers"), PAPERS),
            Use("verifier", self.env._("verification of system signatures"), DOOR),
            Use("verifier", self.env._("certificates and signatures of papers"), CHAINS),
            Use("key_maker", self.env._("making and renewing keys"), LIFE),
            Use("random_source", self.env._("making and renewing keys"), LIFE),
            Use("time_stamper", self.env._("time stamps of sealed papers"), STAMPS),
            Use("certificate_verifier",
                self.env._("sign-in by certificate and through a gateway, signatures of steps and papers"), DOOR),
        ]

    @api.model
    def _use_lines(self):
        served, names, found = machine.providers().choice.assignments(), self._port_names(), {}
        for use in self._uses():
            found.setdefault(use.port, []).append(use.text)
        return [{
            "port": names[port], "is_used": port in found and port in served,
            "provider": self._provider_name(served[port]) if port in served else self.env._("not configured"),
            "uses": "；".join(found.get(port) or [self._unused(port)]),
        } for port in PORTS]

    @api.model
    def _unused(self, port):
        if port == "digester":
            return self.env._("Not used: SM3 digests are computed by the platform itself, no provider is asked")
        return self.env._("Not used: no function of the platform calls it")

    def _ask(self):
        result = super()._ask()
        self.use_ids = [fields.Command.create(line) for line in self._use_lines()]
        return result


class CryptoStatusUse(models.TransientModel):
    """One port: who serves it, and what the platform uses it for."""

    _name = "ctsp.crypto.status.use"
    _description = "Use of a Cryptographic Service"

    status_id = fields.Many2one("ctsp.crypto.status", required=True, ondelete="cascade", index=True)
    port = fields.Char("Cryptographic Function", readonly=True)
    provider = fields.Char("Provider", readonly=True)
    uses = fields.Char("Used For", readonly=True)
    is_used = fields.Boolean("In Use", readonly=True)
