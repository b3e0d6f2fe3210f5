import base64
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ctsp_crypto.errors import CryptoError, PolicyError, ProviderUnavailable, VerificationFailed

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

    is_late = fields.Boolean("Owed for More than a Day", compute="_compute_is_late", search="_search_is_late")

    _digest_unique = models.Constraint("unique (digest)", "One time stamp for each signature.")

    @api.depends("state", "create_date")
    def _compute_is_late(self):
        for row in self:
            row.is_late = row.state == "owed" and row.create_date < self._late()

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "owed"), ("create_date", "<", self._late())]

    @api.model
    def _late(self):
        return fields.Datetime.subtract(fields.Datetime.now(), days=1)

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
        """Obtain what is owed until the authority cannot be reached or gives a wrong answer: what was not tried for
        longest comes first, so that none holds up the others. Each is kept by itself: a slow authority may take longer
        for all of them than a run may last.
        """
        if not self._asking():
            return
        rows = self.sudo().search([("state", "=", "owed")], order="write_date, id", limit=200)
        for number, row in enumerate(rows, 1):
            going_on = row._obtain()
            if self.env.context.get("ir_cron_progress_id"):
                left = self.env["ir.cron"]._commit_progress(1, remaining=len(rows) - number if going_on else 0)
                going_on = going_on and left
            if not going_on:
                return

    def _obtain(self):
        """Ask for this one; return whether the next is worth asking for. The scheduled action must not fail: one that
        does for days is switched off.
        """
        try:
            self._take(stamps.fresh(machine.providers(), bytes.fromhex(self.digest)))
        except ProviderUnavailable:
            self.problem = self.env._("The time stamp service could not be reached.")
            return False
        except CryptoError as error:
            self.problem = self.env._("The time stamp service gave an answer that does not hold.")
            self.env["ctsp.audit.port"]._log_provider(error)
            return False
        return True

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
        except ValueError as error:
            raise VerificationFailed("no time stamp") from error
        return machine.providers().verify_time_stamp(bytes.fromhex(self.digest), token)
