import secrets
import time

from odoo.addons.ctsp_crypto.tests.common import CryptoCase

from ..tools import signing
from ..tools.http import Request

TARGET = "/ctsp/exchange/v1/test/thing?x=1"


class ExchangeCase(CryptoCase):
    """Keys and signed requests of another system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credentials = cls.env["ctsp.exchange.credential"]

    @classmethod
    def request(cls, credential, secret, body=b"{}", target=TARGET, method="POST", address="10.0.0.1", **changed):
        """A request as another system signs it; ``changed`` headers are put in after signing."""
        now = changed.pop("now", int(time.time() * 1000))
        headers = signing.headers(
            credential.key, method, target, body, now, secrets.token_urlsafe(24),
            lambda text: signing.hmac(secret.encode(), text))
        return Request(method, target, headers | changed, signing.digest(body), address)
