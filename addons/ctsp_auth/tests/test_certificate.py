import base64
from ast import literal_eval
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_auth.tools.refusal import SignInRefused

from ctsp_crypto.certificates.authority import Authority

from .certificates import CertificateCase, encode


@tagged("post_install", "-at_install")
class TestCertificate(CertificateCase):
    """Sign-in by certificate: only by who holds the key, now, for this host and session, once; all else is logged."""

    def refused(self, result, reason):
        self.assertNotIn("url", result)
        self.assertIn(reason, str(self.failure().detail))
        self.assertNotIn(reason, result["error"], "the page says nothing that helps an attacker")

    def test_good(self):
        key = self.key()
        row = self.bind(key)
        self.visit()
        self.assertIn("url", self.enter(key))
        self.assertTrue(self.works())
        session = self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])
        self.assertEqual((session.method, session.certificate_id), ("certificate", row))
        self.assertTrue(row.date_used)

    def test_replayed(self):
        key = self.key()
        self.bind(key)
        self.visit()
        answer = self.answer(key)
        self.assertIn("url", self.send(answer))
        self.refused(self.send(answer), "challenge_other")  # the session has changed
        self.visit()
        asked = self.challenge()
        answer = self.answer(key, asked)
        wrong = {**answer, "signature": self.answer(self.key("李示例"), asked)["signature"]}
        self.assertIn("error", self.send(wrong))
        self.refused(self.send(answer), "replayed")

    def test_run_again(self):
        """A request that Odoo runs again because two transactions met is no replay; the next one is."""
        nonces = self.env["ctsp.auth.nonce"]
        place = "odoo.addons.ctsp_auth.models.auth_nonce.request"
        with patch(place, SimpleNamespace(httprequest=SimpleNamespace(environ={}))):
            nonces._use("x", 60)
            nonces._use("x", 60)
        with patch(place, SimpleNamespace(httprequest=SimpleNamespace(environ={}))), self.assertRaises(SignInRefused):
            nonces._use("x", 60)

    def test_somebody_elses_challenge(self):
        key = self.key()
        self.bind(key)
        self.visit()
        asked = self.challenge()
        self.visit()
        self.refused(self.enter(key, asked=asked), "challenge_other")

    def test_a_challenge_of_ones_own(self):
        key = self.key()
        self.bind(key)
        self.visit()
        asked = self.challenge()
        for broken in (
            {"message": asked["message"][:-1] + ("y" if asked["message"][-1] == "x" else "x"), "proof": asked["proof"]},
            {"message": asked["message"], "proof": "1:00"}, {"message": asked["message"], "proof": "nonsense"},
            {"message": "", "proof": ""},
        ):
            self.refused(self.enter(key, asked=broken), "challenge_forged")

    def test_too_late(self):
        key = self.key()
        self.bind(key)
        self.visit()
        asked = self.challenge()
        self.policy("challenge_seconds", "-1")
        self.refused(self.enter(key, asked=asked), "challenge_late")

    def test_forged(self):
        key, thief = self.key(), self.key("李示例")
        self.bind(key)
        self.visit()
        self.refused(self.send(self.answer(thief, certificate=key[0])), "signature")
        self.refused(self.enter(key, text="something else"), "signature")
        answer = self.answer(key)
        self.refused(self.send({**answer, "certificate": "AAAA"}), "unreadable")
        self.refused(self.send({**answer, "signature": ""}), "unreadable")

    def test_nonsense(self):
        """Whatever comes in place of an answer, or of a part of it, is refused like one that cannot be read."""
        self.policy("lock_after", "20")
        self.visit()
        answer = self.answer(self.key())
        for nonsense in ("证书", ["x"], "A", "\ud800"):
            self.refused(self.send({**answer, "certificate": nonsense}), "unreadable")
        for nothing in (None, [], "x", 1):
            self.refused(self.send(nothing), "unreadable")
        self.refused(self.send({}, redirect=["/odoo"]), "unreadable")

    def test_foreign_authority(self):
        foreign = Authority.root(self.provider, self.now, name="测试根 CA（示例）")  # the same name, another key
        self.visit()
        self.refused(self.enter(self.key(authority=foreign)), "no_path")
        other = Authority.root(self.provider, self.now, name="别处的 CA（示例）")
        self.refused(self.enter(self.key(authority=other)), "no_path")

    def test_expired_or_for_something_else(self):
        old = self.key(not_before=self.now - timedelta(days=20), days=10)
        self.visit()
        self.refused(self.enter(old), "expired")
        for_encryption = self.key(usages=("key_encipherment",))
        self.refused(self.enter(for_encryption), "usage")
        with self.assertRaises(UserError):
            self.bind(old)

    def test_not_bound(self):
        self.visit()
        self.refused(self.enter(self.key()), "not_bound")

    def test_revoked_ends_sessions_at_once(self):
        key = self.key()
        row = self.bind(key)
        self.visit()
        self.enter(key)
        self.assertTrue(self.works())
        row.with_user(self.role("security_admin")).action_revoke()
        self.env.flush_all()
        self.assertFalse(self.works())
        self.visit()
        self.refused(self.enter(key), "not_bound")

    def test_revocation_list(self):
        key, other = self.key(), self.key("李示例")
        row, kept = self.bind(key), self.bind(other, self.role("leader"))
        self.visit()
        self.enter(key)
        self.authority.revoke(key[0])
        self.addCleanup(self.authority.revoked.clear)
        self.trusted.with_user(self.role("security_admin")).crl = encode(self.authority.crl(2).der)
        self.env.flush_all()
        self.assertEqual((row.state, kept.state), ("revoked", "active"))
        self.assertFalse(self.works())
        with self.assertRaises(UserError):
            self.bind(key)
        stranger = Authority.root(self.provider, self.now, name="测试根 CA（示例）")
        for bad in (stranger.crl(3).der, self.authority.crl(1, self.now - timedelta(days=3)).der, b"nonsense"):
            with self.assertRaises(UserError):
                self.trusted.crl = encode(bad)

    def test_not_believed_just_now(self):
        """Only its authority revokes a certificate: when that is away it is suspended, when it is in doubt nothing."""
        row = self.bind(self.key())
        admin = self.role("security_admin")
        self.env.cr.flush()
        lost = patch.object(
            type(self.env["ctsp.crypto"]), "_verify_mac", lambda _self, _purpose, rows, **_more: [None] * len(rows))
        with lost, self.assertLogs("odoo.addons.ctsp_auth.models.auth_authority", "ERROR"):
            self.env.registry.clear_cache()
            row._recheck()
            self.assertTrue(self.trusted._check(row._certificate()))
        self.assertEqual(row.state, "active")
        self.assertFalse(self.trusted._check(row._certificate()), "right again, without a restart")
        self.trusted.with_user(admin).active = False
        self.assertEqual(row.state, "suspended")
        self.trusted.with_user(admin).active = True
        row.with_user(admin).action_confirm()
        self.assertEqual(row.state, "active")

    def test_a_list_may_be_asked_for(self):
        key = self.key()
        self.bind(key)
        self.policy("crl_required", "是")
        self.env.registry.clear_cache()
        self.visit()
        self.refused(self.enter(key), "crl_missing")
        self.trusted.crl = encode(self.authority.crl(1).der)
        self.assertIn("url", self.enter(key))

    def test_rows_written_by_sql_open_nothing(self):
        key, mine = self.key(), self.key("李示例")
        row, own = self.bind(key), self.bind(mine, self.role("leader"))
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_certificate SET user_id = %s WHERE id = %s", self.user.id, own.id))
        self.env.invalidate_all()
        self.visit()
        self.refused(self.enter(mine), "not_bound")
        row.with_user(self.role("security_admin")).action_suspend()
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_certificate SET state = 'active' WHERE id = %s", row.id))
        self.env.invalidate_all()
        self.refused(self.enter(key), "not_bound")
        self.env.cr.execute(SQL("UPDATE ctsp_auth_authority SET seal = NULL"))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.ctsp_auth.models.auth_authority", "ERROR"):
            self.assertTrue(self.env["ctsp.auth.authority"]._check(key[0]))

    def test_own_binding_waits_for_confirmation(self):
        key = self.key()
        self.enter_by_password()
        asked = self.challenge("bind")
        self.assertIn("url", self.send(self.answer(key, asked), "/ctsp/outside/security/bind"))
        row = self.env["ctsp.auth.certificate"].search([("user_id", "=", self.user.id)])
        self.assertEqual((row.state, row.is_proven), ("pending", True))
        cards = {card["key"]: card for card in self.env["ctsp.home"].with_user(self.role("security_admin"))._cards()}
        waiting = cards["auth_pending"]["action"]["domain"]
        self.assertEqual(self.env["ctsp.auth.certificate"].search(waiting), row, "the card opens what it counts")
        self.visit()
        self.refused(self.enter(key), "not_bound")
        with self.assertRaises(AccessError):
            row.with_user(self.user).sudo(False).action_confirm()
        row.with_user(self.role("security_admin")).action_confirm()
        self.env.flush_all()
        self.assertIn("url", self.enter(key))

    def test_another_purpose(self):
        """What was signed for binding signs nobody in, and the other way round."""
        key = self.key()
        self.bind(key)
        self.enter_by_password()
        self.refused(self.enter(key, asked=self.challenge("bind")), "challenge_other")
        answer = self.answer(self.key("王示例"))
        self.assertIn("error", self.send(answer, "/ctsp/outside/security/bind"))

    def test_who_may_bind(self):
        content = encode(self.key()[0].der)
        rows = self.env["ctsp.auth.certificate"]
        for role in ("system_admin", "audit_admin", "filing_officer"):
            with self.assertRaises(AccessError):
                rows.with_user(self.role(role)).create({"user_id": self.user.id, "content": content})
        admin = self.role("security_admin")
        with self.assertRaises(AccessError):
            rows.with_user(admin).create({"user_id": admin.id, "content": content})
        with self.assertRaises(AccessError):
            rows.with_user(admin).with_context(default_user_id=admin.id).create({"content": content})
        row = rows.with_user(admin).with_context(default_date_used="2026-01-01", default_reason="x").create(
            {"user_id": self.user.id, "content": encode(self.key("赵示例")[0].der)})
        self.assertFalse(row.date_used or row.reason)
        row = self.bind(self.key("王示例"))
        with self.assertRaises(AccessError):
            row.with_user(admin).write({"user_id": admin.id})
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            rows.with_user(admin).create({"user_id": self.user.id, "content": encode(b"nonsense")})

    def test_once_only(self):
        key = self.key()
        self.bind(key)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.bind(key, self.role("leader")).flush_recordset()

    def shown_by(self, model, name):
        """Return the rows that a filter of the search view shows."""
        view = etree.fromstring(self.env[model].get_view(view_type="search")["arch"])
        return self.env[model].search(literal_eval(view.find(f".//filter[@name='{name}']").get("domain")))

    def test_soon_is_not_over(self):
        """“Expiring soon” leaves out what has ended; certificates and sites have a filter of its own for that."""
        over, soon = self.bind(self.key("甲示例")), self.bind(self.key("乙示例"), self.role("leader"))
        sites = self.env["ctsp.auth.site"].create([{"name": f"示例站点{one}"} for one in "甲乙"])
        for row, days in zip((over, soon, *sites), (-1, 9, -1, 9)):
            self.env.cr.execute(SQL(
                "UPDATE %s SET not_after = %s WHERE id = %s", SQL.identifier(row._table),
                fields.Datetime.add(fields.Datetime.now(), days=days), row.id))
        self.env.invalidate_all()
        self.assertEqual(((over | soon).mapped("is_expired"), (over | soon).mapped("is_expiring")),
                         ([True, False], [False, True]))
        for model, name, row, other in (
                (over._name, "expired", over, soon), (over._name, "expiring", soon, over),
                (sites._name, "ended", sites[0], sites[1]), (sites._name, "ending", sites[1], sites[0])):
            self.assertEqual(self.shown_by(model, name) & (row | other), row, name)

    def test_expiry_is_announced(self):
        row = self.bind(self.key(days=20))
        self.assertTrue(row.is_expiring)
        self.assertIn(row, row.search([("is_expiring", "=", True)]))
        admin = self.role("security_admin")
        for _n in range(2):
            row._cron_daily()
        told = self.user.partner_id.activity_ids.filtered(lambda activity: "20" in activity.summary).user_id
        self.assertEqual(told, self.user | admin)
        self.assertEqual(len(self.user.partner_id.activity_ids), 2, "once each")

    def test_expiry_is_announced_outside(self):
        _company, user = self.outside("示例医院（示例）")
        row = self.bind(self.key(days=20), user)
        for _n in range(2):
            row._cron_daily()
        told = self.env["ctsp.desk.notice"].with_user(user)._unread()
        self.assertEqual(len(told), 1, told)
        self.assertIn(row.subject, told[0]["title"])

    def test_the_page_offers_it(self):
        self.assertIn("data-ctsp-panel", self.visit().text)
        self.trusted.active = False
        self.env.flush_all()
        self.assertNotIn("data-ctsp-panel", self.visit().text)

    def test_intermediate(self):
        middle = self.authority.intermediate("测试中级 CA（示例）")
        self.env["ctsp.auth.authority"].create(
            {"certificate": base64.b64encode(middle.certificate.der), "kind": "intermediate"})
        key = self.key(authority=middle)
        self.bind(key)
        self.visit()
        self.assertIn("url", self.enter(key))
