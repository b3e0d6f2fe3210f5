from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_auth.tests.certificates import encode
from odoo.addons.ctsp_auth.tests.common import SECRET
from odoo.addons.ctsp_auth.tools.signing import SignatureWanted

from .signing import SigningCase


@tagged("post_install", "-at_install")
class TestSigning(SigningCase):
    """A step that binds bears the signature of whoever makes it, by certificate; else the system's, named so."""

    def setUp(self):
        super().setUp()
        self.row = self.bind(self.mine)
        self.act = self.make()

    def make(self, **values):
        acts = self.env["ctsp.test.act"].with_user(self.user)
        act = acts.create({"name": "一件事项", "note": "长文" * 300, **values})
        self.env.cr.flush()
        return act

    def decide(self, acts=None, **answer):
        self.take("decide", acts or self.act, **answer)

    def asked(self, acts=None, **answer):
        return self.wanted("decide", acts or self.act, **answer)

    def entry(self, act=None):
        return super().entry(act or self.act)

    def found(self, act=None):
        act = act or self.act
        return {(one.kind, one.name) for one in self.env["ctsp.integrity"]._check(act._name, act.ids)}

    def require(self):
        self.env["ctsp.auth.rule"].create({
            "role_id": self.env.ref("ctsp_base.group_filing_officer").id, "factor": "one", "signs": True})

    def test_signed(self):
        """Asked, undone, signed, made: the evidence bears the person's signature, and verification proves it."""
        texts = self.asked()
        self.assertEqual(self.act.state, "draft")
        self.decide(**self.answer(texts))
        self.assertEqual(self.act.state, "decided")
        self.assertEqual(self.entry().signer, "user")
        signature = self.env["ctsp.auth.signature"].search([("res_id", "=", self.act.id)])
        self.assertEqual((signature.user_id, signature.certificate_id, signature.is_valid), (self.user, self.row, True))
        self.assertFalse(self.found())

    def test_evidence_came_first(self):
        """Something in the step has its evidence put down before the signature comes: it bears it all the same."""
        real = type(self.act)._after_decide
        with patch.object(type(self.act), "_after_decide", lambda act, reason: (real(act, reason), act.env.cr.flush())):
            self.decide(**self.answer(self.asked()))
        self.assertEqual(self.entry().signer, "user")
        self.assertFalse(self.found())

    def test_many_at_once(self):
        acts = self.act | self.make() | self.make()
        self.decide(acts, **self.answer(self.asked(acts)))
        self.assertEqual({self.entry(act).signer for act in acts}, {"user"})

    def test_without(self):
        """Who may do without leaves the system's seal; who has no certificate is not asked, whose ended is told."""
        self.decide(declined=True)
        self.assertEqual(self.entry().signer, "system")
        self.row.action_revoke()
        other = self.make()
        self.asked(other)
        self.decide(other, declined=True)
        self.assertEqual(self.entry(other).signer, "system")
        self.env.cr.execute(SQL("DELETE FROM ctsp_auth_certificate WHERE id = %s", self.row.id))
        self.env.invalidate_all()
        self.decide(self.make())

    def test_required(self):
        """A role that signs does not get round it: not by declining, by another way in, or without a certificate."""
        self.require()
        self.asked(declined=True)
        with patch.object(type(self.env["ctsp.auth.signing"]), "_comes_from_browser", lambda _self: False):
            texts = self.asked()
        self.asked(self.act.with_context(ctsp_signing=True))
        self.decide(**self.answer(texts))
        self.row.action_revoke()
        with self.assertRaises(UserError):
            self.decide(self.make())

    @mute_logger("odoo.addons.ctsp_audit")
    def test_refused(self):
        """Another's certificate, another text, a broken signature, a certificate revoked meanwhile: nothing happens."""
        texts = self.asked()
        stranger = self.key("李示例")
        answers = [
            self.answer(texts, stranger),
            self.answer(texts) | {"signatures": self.answer(["x"])["signatures"]},
            self.answer(texts) | {"signatures": ["AAAA"]},
            self.answer(texts) | {"signatures": ["签名"]},
            self.answer(texts) | {"certificate": "证书"},
            self.answer(texts) | {"certificate": encode(stranger[0].der)},
        ]
        for answer in answers:
            with self.assertRaises(UserError) as refused:
                self.decide(**answer)
            self.assertNotIsInstance(refused.exception, SignatureWanted)
        self.row.action_revoke()  # his only one: what he signed is refused all the same, not replaced by the system's
        for prepare in (lambda: None, self.require):
            prepare()
            with self.assertRaises(UserError):
                self.decide(**self.answer(texts))
        self.env.invalidate_all()
        self.assertEqual(self.act.state, "draft")

    def test_content_changed_meanwhile(self):
        """What is signed is what results: another content, another record or an old text ask anew."""
        texts = self.asked()
        self.act.note = "改过的内容"
        self.assertNotEqual(self.asked(**self.answer(texts)), texts)
        other = self.make()
        self.asked(other, **self.answer(texts))
        old = [text.replace(texts[0][texts[0].index('"time":'):][8:18], "2020-01-01") for text in self.asked()]
        self.asked(**self.answer(old))

    def test_tampered(self):
        """Changing the row, the signature, or what was signed is found."""
        self.decide(**self.answer(self.asked()))
        signature = self.env["ctsp.auth.signature"].search([("res_id", "=", self.act.id)])
        other = self.make()
        self.decide(other, **self.answer(self.asked(other)))
        self.env.cr.execute(SQL(
            "UPDATE ctsp_auth_signature SET signature = %s WHERE id = %s",
            self.env["ctsp.auth.signature"].search([("res_id", "=", other.id)]).signature, signature.id))
        self.env.invalidate_all()
        self.assertEqual(self.found(), {("signature", None)})
        self.assertFalse(self.found(other))
        self.assertEqual(self.found(signature), {("altered", "signature")})

    def test_what_comes_later(self):
        """A renewal of keys keeps the signature; a change that the person did not sign bears the system's."""
        self.decide(**self.answer(self.asked()))
        self.env["ctsp.crypto.key"]._rotate("data/integrity.mac")
        self.env["ctsp.integrity"]._rekey(self.act._name, 0, 100)
        self.assertEqual((self.entry().signer, self.entry().key_version), ("user", 2))
        self.assertFalse(self.found())
        self.act.name = "后来改了"
        self.env.cr.flush()
        self.assertEqual(self.entry().signer, "system")
        self.assertFalse(self.found())

    def test_rows_are_the_platforms(self):
        self.decide(**self.answer(self.asked()))
        signature = self.env["ctsp.auth.signature"].search([("res_id", "=", self.act.id)])
        for change in (lambda: signature.write({"step": "x"}), signature.unlink,
                       lambda: signature.with_user(self.role("security_admin")).create({})):
            with self.assertRaises(AccessError):
                change()

    def test_question_to_the_browser(self):
        """The web client is told what to sign, by the name it waits for; the log does not call that a refusal."""
        self.authenticate(self.user.login, SECRET)
        events = self.env["ctsp.audit.event"].search_count([("event", "in", ("refused", "failed"))])
        error = self.call(
            "/web/dataset/call_button/ctsp.test.act/run_transition", model=self.act._name, method="run_transition",
            args=[self.act.ids, "decide"], kwargs={})["error"]["data"]
        self.assertEqual(error["name"], "odoo.addons.ctsp_auth.tools.signing.SignatureWanted")
        self.assertEqual((len(error["context"]["texts"]), error["context"]["required"]), (1, False))
        self.assertEqual(
            self.env["ctsp.audit.event"].search_count([("event", "in", ("refused", "failed"))]), events)
