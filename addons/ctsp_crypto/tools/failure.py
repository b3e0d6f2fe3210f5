"""What people are told when cryptography fails: nothing goes on without it."""
import logging
from contextlib import contextmanager

from odoo.exceptions import UserError

from ctsp_crypto.errors import (
    CryptoError,
    DecryptionFailed,
    KeyMissing,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)

_logger = logging.getLogger(__name__)


class CryptoFailure(UserError):
    """A cryptographic operation was not done."""


class CryptoUnavailable(CryptoFailure):
    """The provider cannot be asked now; the same call may work later."""


class CryptoRefused(CryptoFailure):
    """The provider refused, or answered something that is not true. Repeating does not help, somebody has to look."""


class CryptoAltered(CryptoFailure):
    """Ciphertext or a key record does not hold."""


@contextmanager
def told(env):
    """Turn the errors of the package into messages for people. Fail closed: the caller's transaction ends."""
    try:
        yield
    except ProviderUnavailable as error:
        _logger.info("cryptographic provider unavailable: %s", error)
        raise CryptoUnavailable(env._(
            "The cryptographic service cannot be reached, so nothing was saved. Please try again in a moment."
        )) from error
    except KeyMissing as error:
        _logger.info("key missing: %s", error)
        raise CryptoFailure(env._(
            "A cryptographic key is missing or has been destroyed: %(key)s", key=error)) from error
    except (DecryptionFailed, VerificationFailed) as error:
        _logger.info("protected data does not hold: %s", error)
        raise CryptoAltered(env._(
            "Protected data or a key record was altered outside the platform. Tell the security administrator."
        )) from error
    except ProviderRefused as error:
        _logger.error("The cryptographic provider refused or did not tell the truth: %s", error)
        env["ctsp.audit.port"]._log_provider(error)
        raise CryptoRefused(env._(
            "The cryptographic service gave an answer that does not hold, so nothing was saved. Tell the security "
            "administrator.")) from error
    except CryptoError as error:
        _logger.info("cryptographic operation refused: %s", error)
        raise CryptoFailure(env._("The cryptographic policy does not allow this: %(reason)s", reason=error)) from error
