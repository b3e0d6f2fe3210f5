import json
import secrets
import time

from odoo.tests import HttpCase

from ..tools import signing
from .common import ExchangeCase

PATH = "/ctsp/exchange/v1/test/task"
SCHEMA = '{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}'


class IntakeCase(ExchangeCase, HttpCase):
    """A connected system that sends messages by HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env["ctsp.exchange.backend"].create({"name": "T", "code": "test", "state": "active"})
        cls.kind = cls.env["ctsp.exchange.type"].create(
            {"name": "task", "code": "task", "backend_id": cls.backend.id, "direction": "in"})
        cls.env["ctsp.exchange.contract"].create(
            {"type_id": cls.kind.id, "schema": SCHEMA, "example": '{"n": 1}', "state": "published"})
        cls.key, cls.secret = cls.credentials._issue({"backend_id": cls.backend.id})

    def post(self, content, path=PATH, key=None, secret=None, media="application/json", method="POST", signer=None,
             **changed):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = signing.headers(
            (key or self.key).key, method, path, body, int(time.time() * 1000), secrets.token_urlsafe(24),
            signer or (lambda text: signing.hmac((secret or self.secret).encode(), text)))
        headers |= {"Content-Type": media} | changed
        if method == "GET":
            return self.url_open(path, headers=headers, method="GET")
        return self.url_open(path, data=body, headers=headers)
