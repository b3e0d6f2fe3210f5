from contextlib import contextmanager

from odoo import api, models

from ctsp_crypto.errors import DecryptionFailed, KeyMissing, PolicyError, VerificationFailed

from ..tools import machine, rings
from ..tools.batch import Batch
from ..tools.failure import told
from ..tools.purpose_keys import Keys


class Crypto(models.AbstractModel):
    """The platform's one door to cryptography. Batches always: one provider call for each key, whatever their number.

    A *purpose* (``ctsp.crypto.purpose``) says which key; each answer is a :class:`~..tools.batch.Batch` that says its
    version, which the caller keeps beside what he stores. ``context`` separates uses of one key (a model, a table):
    what was made in one does not hold in another. Whatever fails raises a ``CryptoFailure`` (a ``UserError``): fail
    closed.
    """

    _name = "ctsp.crypto"
    _description = "Cryptography"

    def _register_hook(self):
        super()._register_hook()
        machine.start()

    # -- codes -------------------------------------------------------------------------------------------------------

    @api.model
    def _mac(self, purpose, messages, context="", version=None):
        """Authenticate a list of bytes (HMAC-SM3, 32 bytes each).

        :param version: of the key; the one in use when None
        """
        with self._using(purpose, past=version is not None) as keys:
            key = keys.mac(context, version)
            return _batch(purpose, keys.number(key), machine.providers().macs(key, keys.within(key, context, messages)))

    @api.model
    def _verify_mac(self, purpose, rows, context=""):
        """Check ``[(message, mac, version)]``: a list of True, False, or None where the key is not known any more."""
        with self._using(purpose, past=True) as keys:
            def check(version, pairs):
                key = keys.mac(context, version)
                messages = keys.within(key, context, [message for message, _mac in pairs])
                return machine.providers().verify_macs(key, [(m, mac) for m, (_old, mac) in zip(messages, pairs)])
            return _by_version(rows, check)

    @api.model
    def _blind(self, purpose, context, values, version=None):
        """Return the blind index of bytes: equal values give equal codes within ``context`` (``model.field``)."""
        with self._using(purpose) as keys:
            key = keys.index(context, version)
            return _batch(purpose, keys.number(key), machine.providers().macs(key, keys.within(key, context, values)))

    # -- encryption --------------------------------------------------------------------------------------------------

    @api.model
    def _encrypt(self, purpose, rows):
        """Encrypt ``[(plaintext, aad)]`` (SM4-GCM: nonce, ciphertext, tag)."""
        with self._using(purpose) as keys:
            key = keys.current()
            return _batch(purpose, keys.number(key), machine.providers().encrypt_many(key, rows))

    @api.model
    def _decrypt(self, purpose, rows, failed=None):
        """Decrypt ``[(value, aad, version)]``.

        :param failed: a function that is given the place of a value that does not hold and returns what stands for it;
            without one the first such value raises ``CryptoAltered``
        """
        with self._using(purpose, past=True) as keys:
            result = [None] * len(rows)
            for version, places in _places(rows).items():
                items = [rows[place][:2] for place in places]
                for place, plain in zip(places, self._opened(keys, version, items, places, failed)):
                    result[place] = plain
            return result

    @api.model
    def _opened(self, keys, version, items, places, failed):
        try:
            return machine.providers().decrypt_many(keys.version(version), items)
        except (DecryptionFailed, KeyMissing):
            if failed is None:
                raise
        return [self._opened_alone(keys, version, item, place, failed) for place, item in zip(places, items)]

    @api.model
    def _opened_alone(self, keys, version, item, place, failed):
        try:
            return machine.providers().decrypt_many(keys.version(version), [item])[0]
        except (DecryptionFailed, KeyMissing):
            return failed(place)

    # -- signatures --------------------------------------------------------------------------------------------------

    @api.model
    def _sign(self, purpose, messages):
        """Sign a list of bytes as the system (SM2 with SM3, r‖s, 64 bytes each)."""
        with self._using(purpose) as keys:
            key = keys.signing()
            return _batch(purpose, keys.number(key), machine.providers().sign_many(key, messages))

    @api.model
    def _verify_signature(self, purpose, rows):
        """Check ``[(message, signature, version)]``: a list of True, False, or None where the key is not known."""
        with self._using(purpose, past=True) as keys:
            return _by_version(
                rows, lambda version, pairs: machine.providers().verify_many(keys.public(version), pairs))

    @api.model
    def _signing_pair(self, purpose, version=None):
        """Return the key in use of a purpose that signs in a form of its own (a PDF, a request), or one of another
        ``version``: ``(key or handle, public key, version)``.
        """
        with self._using(purpose) as keys:
            key = keys.signing(version)
            version = keys.number(key)
            return key, keys.public(version), version

    # -- certificates ------------------------------------------------------------------------------------------------

    @api.model
    def _accepts_certificate(self, certificate, at):
        """Ask the service that is configured for certificates whether it accepts one (DER) for signing at ``at``, an
        aware datetime; True where none is configured. One call, beside what is known here, never instead of it.

        :raise CryptoUnavailable, CryptoRefused: it cannot be asked; it told something that is not true
        """
        if not machine.providers().serving("certificate_verifier"):
            return True
        with told(self.env):
            try:
                machine.providers().verify_certificate(certificate, at=at)
            except VerificationFailed:
                return False
        return True

    @api.model
    @contextmanager
    def _using(self, purpose, past=False):
        """Open the keys of a purpose.

        :param past: only what was made before is looked at: the keys that lie in the database go on proving it when
            somebody took the purpose itself away, so that a verification can name that row. Nothing new is made then.
        """
        facts = self.env["ctsp.crypto.purpose"]._facts(purpose)
        with told(self.env):
            if facts is None and not past:
                raise PolicyError(f"no purpose {purpose}")
            with rings.opened(self.env.cr, self.env["ctsp.crypto.key"]._generation()) as ring:
                yield Keys(purpose, facts[1] if facts else (), ring)


def _batch(purpose, version, results):
    first = results[0] if results else None
    return Batch(
        [result.value for result in results], purpose, version,
        first.algorithm if first else "", first.provider if first else "")


def _places(rows):
    """Return ``{version: [place]}`` of rows whose last part is the version."""
    found = {}
    for place, row in enumerate(rows):
        found.setdefault(row[-1], []).append(place)
    return found


def _by_version(rows, check):
    result = [None] * len(rows)
    for version, places in _places(rows).items():
        try:
            answers = check(version, [tuple(rows[place][:2]) for place in places])
        except KeyMissing:
            continue
        for place, answer in zip(places, answers):
            result[place] = answer
    return result
