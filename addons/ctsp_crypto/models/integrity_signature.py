from odoo import api, models
from odoo.tools import SQL

from ..tools import batch, evidence
from ..tools.failure import CryptoUnavailable

SIGN = "integrity.sign"
QUEUED = "queued"


class IntegritySignature(models.AbstractModel):
    """Signatures over protected rows in states that bind somebody: a submitted inspection, an approved filing.

    A class says which: ``_integrity_signed = {"state": ("approved",)}``. The statement that is signed holds the values
    themselves. The user's own certificate signs where there is one (:meth:`_sign_as_user`); else the system does, and
    the entry says so.
    """

    _name = "ctsp.integrity.signature"
    _description = "Signature of Important Data"

    @api.model
    def _sign_as_user(self, model, rows):
        """Return for each of ``[(res_id, statement)]`` the ``(signature, key_ref)`` by which a person signed just that
        with the key of his certificate, None where nobody did.

        A port: whoever brings user certificates fills it in.
        """
        return [None] * len(rows)

    @api.model
    def _verify_of_user(self, rows):
        """Check ``[(statement, signature, key_ref)]`` of users' certificates: a list of True, False, None (unknown)."""
        return [None] * len(rows)

    @api.model
    def _is_signed(self, protection, values):
        """Say whether a row with these values is to be signed."""
        return any(values.get(name) in states for name, states in protection.signed.items())

    @api.model
    def _sign_drafts(self, protection, drafts):
        """Sign what asks for it; while the provider cannot be reached it is queued, where the purpose allows that."""
        drafts = [draft for draft in drafts if not draft["removed"] and self._is_signed(protection, draft["values"])]
        if not drafts:
            return
        statements = [self._statement(protection, draft["res_id"], draft["revision"], protection.version,
                                      draft["values"]) for draft in drafts]
        by_users = self._sign_as_user(
            protection.model, [(draft["res_id"], statement) for draft, statement in zip(drafts, statements)])
        rest = [place for place, found in enumerate(by_users) if found is None]
        by_system, signer = self._sign_as_system([statements[place] for place in rest])
        for draft, found in zip(drafts, by_users):
            if found:
                draft |= {"signature": found[0], "signature_key": found[1], "signer": "user"}
        for place, found in zip(rest, by_system):
            drafts[place] |= {"signature": found[0], "signature_key": found[1], "signer": signer}

    @api.model
    def _sign_as_system(self, statements):
        """Return ``([(signature, key_ref)], label of who signed)``."""
        try:
            made = self.env["ctsp.crypto"]._sign(SIGN, statements) if statements else None
        except CryptoUnavailable:
            if not self.env["ctsp.crypto.purpose"]._facts(SIGN)[2]:
                raise
            return [(None, None)] * len(statements), QUEUED
        return [(value.hex(), made.key_ref) for value in made.values] if made else [], "system"

    @api.model
    def _queued_rows(self):
        """Return ``{model: [ids]}`` of rows whose newest entry waits for its signature."""
        self.env.cr.execute(SQL(
            """SELECT e.model, array_agg(e.res_id) FROM ctsp_integrity_entry e
                WHERE e.signer = %s AND NOT EXISTS (
                      SELECT FROM ctsp_integrity_entry n
                       WHERE n.model = e.model AND n.res_id = e.res_id AND n.revision > e.revision)
                GROUP BY e.model""", QUEUED))
        return dict(self.env.cr.fetchall())

    @api.model
    def _queued_count(self):
        return sum(map(len, self._queued_rows().values()))

    @api.model
    def _cron_sign_queued(self):
        """Sign what was saved while the provider could not be reached; each is a new revision that says the same."""
        integrity, rows = self.env["ctsp.integrity"], self._queued_rows()
        try:
            self.env["ctsp.crypto"]._sign(SIGN, [b"are you there"] if rows else [])
        except CryptoUnavailable:
            return  # still away; the next run tries again
        for model, ids in rows.items():
            if model in integrity._map().models:
                integrity._sign_again(model, ids)

    @api.model
    def _statement(self, protection, res_id, revision, version, values):
        names = protection.versions[version]
        return evidence.statement(protection.model, res_id, revision, version, {name: values[name] for name in names})

    @api.model
    def _verify_rows(self, protection, rows):
        """Check ``[(Entry, values)]``: a list of True, False, or None where the key is not known."""
        results = [None] * len(rows)
        by_system, by_user = [], []
        for place, (entry, values) in enumerate(rows):
            known = batch.parsed(entry.signature_key)
            if entry.version not in protection.versions:
                continue
            message = self._statement(protection, entry.res_id, entry.revision, entry.version, values)
            if known and known[0] == SIGN:
                by_system.append((place, (message, bytes.fromhex(entry.signature), known[1])))
            else:
                by_user.append((place, (message, entry.signature, entry.signature_key)))
        answers = self.env["ctsp.crypto"]._verify_signature(SIGN, [row for _place, row in by_system])
        answers += self._verify_of_user([row for _place, row in by_user])
        for (place, _row), answer in zip(by_system + by_user, answers):
            results[place] = answer
        return results
