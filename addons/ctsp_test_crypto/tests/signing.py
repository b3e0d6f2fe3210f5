from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.ctsp_auth.tests.certificates import CertificateCase, encode
from odoo.addons.ctsp_auth.tools.signing import SignatureWanted


class SigningCase(CertificateCase):
    """Steps from a browser, by a person who holds a certificate."""

    def setUp(self):
        super().setUp()
        self.mine = self.key()
        browser = patch.object(type(self.env["ctsp.auth.signing"]), "_comes_from_browser", lambda _self: True)
        browser.start()
        self.addCleanup(browser.stop)

    def take(self, step, records, **answer):
        records.with_context(ctsp_signature=answer or None).run_transition(step)
        self.env.cr.flush()

    def wanted(self, step, records, **answer):
        """Return the texts that are to be signed; the step was undone."""
        try:
            with self.env.cr.savepoint():
                self.take(step, records, **answer)
        except SignatureWanted as wanted:
            self.env.invalidate_all()
            return wanted.context["texts"]
        return self.fail("nobody was asked")

    def answer(self, texts, key=None):
        key = key or self.mine
        signed = [encode(self.provider.sign(key[1].key, text.encode()).value) for text in texts]
        return {"texts": texts, "certificate": encode(key[0].der), "signatures": signed}

    def entry(self, record):
        return self.env["ctsp.integrity"]._latest(record._name, SQL("res_id = %s", record.id))[record.id]
