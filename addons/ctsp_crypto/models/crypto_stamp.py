import base64
import binascii
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ctsp_crypto.errors import PolicyError, ProviderRefused, ProviderUnavailable, VerificationFailed

from ..tools import machine, stamps

TIME_STAMPER = "time_stamper"


class CryptoStamp(models.Model):
    """A time stamp that the authority owed when a paper was sealed: it could not be reached.

    What was handed out stays as it is, byte by byte; the token, obtained afterwards, is kept here under the SM3 digest
    of the signature value it is about. It proves itself: each verification reads it anew with the authority's key.
    GB/T 20520; GB/T 39786-2021 (不可否认性).
    """

    _name = "ctsp.crypto.stamp"
    _description = "Time Stamp of a Paper"
    _order = "id"
    _rec_name = "reason"
    _integrity_fields = {1: ("digest", "reason", "state", "token")}

    digest = fields.Char("SM3 of the Signature", required=True, readonly=True)
    reason = fields.Char("Paper", readonly=True)
    state = fields.Selection(
        [("owed", "Owed"), ("held", "Obtained")], default="owed", required=True, readonly=True, index=True)
    token = fields.Text("Time Stamp (base64)", readonly=True)
    date = fields.Datetime("Attested Time", readonly=True)
    problem = fields.Char("Last Attempt", readonly=True)

    _digest_unique = models.Constraint("unique (digest)", "One time stamp for each signature.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Time stamps are evidence and stay."))

    @api.model
    def _asking(self):
        """Return the authority as a signature asks it, None where no service is configured."""
        if not machine.providers().serving(TIME_STAMPER):
            return None
        required = self.env["ctsp.parameter"].sudo()._get("crypto.time_stamp_required")  # sudo: asked for whoever signs
        return stamps.Asking(machine.providers(), required)

    @api.model
    def _owe(self, digest, reason):
        """Put down that a signature has no time stamp yet; the scheduled action asks for it."""
        self.sudo().create({"digest": digest.hex(), "reason": reason})  # sudo: the engine's rows

    @api.model
    def _cron_owed(self):
        """Obtain what is owed, the oldest first, until the authority cannot be reached or gives a wrong answer."""
        rows = self.sudo().search([("state", "=", "owed")], limit=200) if self._asking() else self
        for row in rows:
            try:
                row._take(stamps.fresh(machine.providers(), bytes.fromhex(row.digest)))
            except ProviderUnavailable:
                row.problem = self.env._("The time stamp service could not be reached.")
                return
            except ProviderRefused as error:
                row.problem = self.env._("The time stamp service gave an answer that does not hold.")
                self.env["ctsp.audit.port"]._log_provider(error)
                return

    def _take(self, stamp):
        self.write({
            "state": "held", "token": base64.b64encode(stamp.value).decode(), "problem": False,
            "date": datetime.fromisoformat(stamp.at).astimezone(UTC).replace(tzinfo=None)})

    @api.model
    def _of(self, digest):
        """Return the row about a signature; empty where none is owed or was obtained later."""
        return self.sudo().search([("digest", "=", digest.hex())])  # sudo: whoever holds a paper asks

    def _stamp(self):
        """Return the time stamp of this row as its token proves it.

        :raise VerificationFailed, PolicyError, ProviderUnavailable: it does not; nobody here can tell
        """
        if not machine.providers().serving(TIME_STAMPER):
            raise PolicyError("no time stamp service is configured")
        try:
            token = base64.b64decode(self.token or "", validate=True)
        except binascii.Error as error:
            raise VerificationFailed("no time stamp") from error
        return machine.providers().verify_time_stamp(bytes.fromhex(self.digest), token)
