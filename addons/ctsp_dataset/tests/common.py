import base64
import json
import secrets
import time
from contextlib import closing, contextmanager

from odoo.sql_db import db_connect
from odoo.tests import HttpCase

from odoo.addons.ctsp_exchange.tools import signing

from ..tools import room
from .test_version import DatasetCase

PREFIX = "/ctsp/open/v1"
HEAD = "登记号,题目,分期\n"
FAILED = ("odoo.http", "odoo.addons.base.models.ir_http")


class OpenApiCase(DatasetCase, HttpCase):
    """A published data set, two institutions, and signed calls of their systems."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version.run_transition("submit")
        cls.version.with_user(cls.reviewer).run_transition("publish")
        cls.company, cls.user = cls.outside("Hospital A")
        cls.other, cls.stranger = cls.outside("Hospital B")
        cls.sign_off(cls.company)
        cls.sign_off(cls.other)
        cls.key, cls.secret = cls.issue(cls.company)
        cls.foreign, cls.foreign_secret = cls.issue(cls.other)

    @classmethod
    def sign_off(cls, company):
        """The test of the data set is signed off for an institution."""
        report = cls.env["ctsp.dataset.conformance"]._of(company, cls.dataset)
        report._set_state("signed", "test")
        return report

    @classmethod
    def issue(cls, company, **values):
        return cls.env["ctsp.exchange.credential"]._issue(
            {"partner_id": company.id, "dataset_ids": [(6, 0, cls.dataset.ids)], **values})

    def call(self, path, data=None, key=None, secret=None, kind="application/json", method=None, **changed):
        """Send a signed request; return ``(status, body)``."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode() if data is not None else b""
        method = method or ("POST" if data is not None else "GET")
        return self.send(method, PREFIX + path, body, key or self.key, secret or self.secret, kind, **changed)

    def send(self, method, target, body, key, secret, kind="application/json", sent=None, asked=None, **changed):
        """Sign ``body`` for ``target`` and send it there, or ``sent`` in its place, or to ``asked``.

        ``changed`` headers are put in after signing.
        """
        headers = signing.headers(
            key.key, method, target, body, changed.pop("now", int(time.time() * 1000)), secrets.token_urlsafe(24),
            lambda text: signing.hmac(secret.encode(), text))
        headers |= {"Content-Type": kind, **changed}
        response = self.opener.request(
            method, self.base_url() + (asked or target), data=(body if sent is None else sent) or None, headers=headers,
            timeout=60)
        self.told = response.headers
        return response.status_code, response.json()

    @contextmanager
    def at_work(self, whose, count):
        """Other requests are being worked, in sessions of their own: ``count`` places are taken."""
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            for number in range(count):
                other.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [room.name(whose, number)])
                self.assertTrue(other.fetchone()[0])
            yield

    def submit(self, data, request_id="request-0001", **options):
        return self.call(f"/datasets/test_trials/submissions?requestId={request_id}", data, **options)


class FileCase(OpenApiCase):
    """Files that people of an institution send on the desk."""

    def file(self, content, name="rows.csv", user=None):
        return self.env["ctsp.dataset.file"].with_user(user or self.user).create({
            "dataset_id": self.dataset.id, "file_name": name, "data": base64.b64encode(content)})

    def table(self, *lines):
        return (HEAD + "\n".join(lines)).encode()

    def reported(self, **domain):
        return self.env["ctsp.dataset.submission"].search([
            ("partner_id", "=", self.company.id), *((name, "=", value) for name, value in domain.items())])

    def run_jobs(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()
