from dataclasses import dataclass
from datetime import UTC, datetime

from odoo import api, fields, models

from ctsp_crypto.errors import CryptoError, VerificationFailed

from ..tools import machine
from ..tools.stamps import TOLERANCE
from .crypto_stamp import TIME_STAMPER


@dataclass(frozen=True)
class Said:
    """Who attests the time of a signature, what is wrong with it, and what nobody here can check now."""

    text: str
    problem: str = ""
    unproved: str = ""


class Signer(models.AbstractModel):
    """When a paper was signed: the word of a time stamp authority, or the server's own."""

    _inherit = "ctsp.signer"

    @api.model
    def _stamper(self):
        """Return what verifies time stamps (it asks nobody), None where none is configured or it was not tested yet."""
        try:
            return machine.providers().choice.of(TIME_STAMPER)
        except CryptoError:
            return None

    @api.model
    def _said_of_time(self, one, signer):
        """Return :class:`Said` of one signature of a PDF: its own time stamp, one obtained later, or none."""
        if not signer or signer.stamp == "broken":
            return Said(self.env._("Time stamp does not hold") if signer else "")
        if signer.stamp == "unchecked":
            return Said(self.env._("Time stamp, not checked"), unproved=self._unproved())
        if signer.stamp == "holds":
            return self._attested(one, signer.stamped_at, signer.authority, late=False)
        row = self.env["ctsp.crypto.stamp"]._of(signer.stamped)
        if row.state == "held":
            return self._obtained(one, row)
        if row:
            return Said(self.env._("Time of the server; time stamp owed: the service could not be reached"))
        if one.promised:
            missing = self.env._("The time stamp that belongs to this signature is missing")
            return Said(missing, problem=missing)
        return Said(self.env._("Time of the server, no time stamp service configured"))

    @api.model
    def _obtained(self, one, row):
        try:
            stamp = row._stamp()
        except VerificationFailed:
            broken = self.env._("The time stamp that was obtained later does not hold")
            return Said(broken, problem=broken)
        except CryptoError:
            return Said(self.env._("Time stamp, not checked"), unproved=self._unproved())
        return self._attested(one, datetime.fromisoformat(stamp.at), stamp.authority, late=True)

    @api.model
    def _attested(self, one, at, authority, late):
        """Return what a time stamp attests. One made with the signature is of the time that the signature states; one
        obtained later is later.
        """
        shown = fields.Datetime.context_timestamp(self, at.astimezone(UTC).replace(tzinfo=None))
        words = {"authority": authority or self.env._("time stamp authority"), "time": f"{shown:%Y-%m-%d %H:%M:%S}"}
        text = self.env._("Attested by time stamp of “%(authority)s” at %(time)s (obtained later)", **words) if late \
            else self.env._("Attested by time stamp of “%(authority)s” at %(time)s", **words)
        gap = at - one.stated_at if one.stated_at else None
        if gap is None or gap < -TOLERANCE or (gap > TOLERANCE and not late):
            return Said(text, problem=self.env._("The time stated is not the one that the time stamp attests"))
        return Said(text)

    @api.model
    def _unproved(self):
        return self.env._("The time stamp: its service is not configured here, or cannot be tested now")
