import secrets
from contextlib import nullcontext
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import STORED_SESSION_BYTES, root
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.background import is_background
from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import aside, session_seal

TOKEN, METHOD = "ctsp_session", "ctsp_method"  # in the session's file
STEP = 60  # seconds between two notes of activity
KEPT_DAYS = 180
REASONS = [
    ("logout", "Signed Out"), ("idle", "Idle Too Long"), ("age", "Lasted Too Long"), ("other", "Signed In Elsewhere"),
    ("owner", "Ended by the User"), ("admin", "Ended by the Security Administrator"),
    ("certificate", "Certificate No Longer Valid"), ("credential", "Credentials Changed"),
    ("altered", "Altered outside the Platform"),
]


class AuthSession(models.Model):
    """A session of a signed-in person: since when, from where, how he proved who he is, and when it ends.

    Odoo's session file carries a random token, this row its digest. A session goes on while its row is open; each
    request asks (one read by an index), so that ending it here ends it at once, in every process. A session that has no
    row (it is older than this addon, or than a restored backup) gets one. GB/T 22239-2019 8.1.4.1 b (time-out).
    """

    _name = "ctsp.auth.session"
    _description = "Session"
    _order = "date_seen desc, id desc"
    _log_access = False
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    identifier = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    method = fields.Char(readonly=True)
    method_label = fields.Char("Signed In By", compute="_compute_labels")
    certificate_id = fields.Many2one("ctsp.auth.certificate", readonly=True, index="btree_not_null")
    address = fields.Char(readonly=True)
    agent = fields.Char("Browser", readonly=True)
    date_start = fields.Datetime("Since", readonly=True)
    date_seen = fields.Datetime("Last Activity", readonly=True, index=True)
    date_end = fields.Datetime("Ended", readonly=True, index=True)
    reason = fields.Selection(REASONS, "Why It Ended", readonly=True)
    is_current = fields.Boolean("This One", compute="_compute_labels")

    _token_unique = models.UniqueIndex("(token)")

    @api.depends("method")
    def _compute_labels(self):
        labels = self._method_labels()
        here = self._here()
        for session in self:
            session.method_label = " + ".join(labels.get(one, one) for one in (session.method or "").split("+"))
            session.is_current = bool(here) and session.sudo().token == here  # sudo: compared, not shown

    @api.model
    def _method_labels(self):
        return {
            "password": self.env._("Password"), "certificate": self.env._("Certificate"),
            "totp": self.env._("One-time Code"), "gateway": self.env._("Security Gateway"),
        }

    # ---- with each request

    @api.model
    def _is_alive(self, session, origin=None):
        """Say whether the session of this request goes on, and note that it was used.

        :param session: Odoo's; gets its token where it has none
        :param origin: the request, None for a look that is no activity (the websocket)
        """
        token = session.get(TOKEN)
        row = self._row_of(token) if token else None
        if not row:
            return not origin or self._open(session, origin)
        if row.user_id != session.uid or row.date_end:
            return False
        if not self._is_sealed(row):
            self._end_altered(row)
            return False
        now = fields.Datetime.now()
        if over := self._over(row.date_start, row.date_seen, now):
            self._finish_anyway(row, over)
            return False
        if origin and (now - row.date_seen).total_seconds() >= STEP and self._is_activity(origin):
            self._touch(row, session, now)
        return True

    @api.model
    def _is_activity(self, origin):
        return not is_background(self.env, origin.httprequest.path)

    @api.model
    def _row_of(self, token):
        return next(iter(self._rows(SQL("token = %s", _digest(token)))), None)

    @api.model
    def _over(self, start, seen, now):
        get = self.env["ctsp.parameter"]._get
        idle, hours = get("auth.session_idle_minutes"), get("auth.session_hours")
        if idle and now - seen > timedelta(minutes=idle):
            return "idle"
        return "age" if hours and now - start > timedelta(hours=hours) else None

    @api.model
    def _open(self, session, origin):
        """Write the session's row at its first request; :return: False where its certificate has been revoked since."""
        # sudo: the certificate the session was opened with
        certificate = self.env["ctsp.auth.certificate"].sudo().browse(session.get("ctsp_certificate") or [])
        if certificate and certificate.state != "active":
            return False
        token, now = secrets.token_urlsafe(32), fields.Datetime.now()
        agent = origin.httprequest.user_agent
        session[TOKEN] = token
        values = {
            "user_id": session.uid, "token": _digest(token), "method": session.get(METHOD) or "password",
            "certificate_id": certificate.id or None, "identifier": session.sid[:STORED_SESSION_BYTES],
            "address": origin.httprequest.remote_addr, "date_start": now, "date_seen": now,
            "agent": " ".join(filter(None, (agent.platform, agent.browser)))[:80],
        }
        values["seal"] = self._seals([session_seal.Row.of(values)])[0]
        single = self.env["ctsp.parameter"]._get("auth.session_single")
        with aside.cursor(self.env) as cr:  # the request may run on a read-only cursor, or fail
            if single:
                self._finish(SQL("user_id = %s", session.uid), "other", cr)
            cr.execute(SQL(
                "INSERT INTO ctsp_auth_session (%s) VALUES (%s)", SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values())))
        return True

    @api.model
    def _touch(self, row, session, now):
        """Note the activity on a cursor of its own; when another request does so at the same moment, that is enough."""
        seal, = self._seals([row._replace(date_seen=now)])
        try:
            with aside.cursor(self.env) as cr:
                cr.execute(SQL(
                    "UPDATE ctsp_auth_session SET date_seen = %s, identifier = %s, seal = %s WHERE id ="
                    " (SELECT id FROM ctsp_auth_session WHERE id = %s AND seal = %s FOR UPDATE SKIP LOCKED)",
                    now, session.sid[:STORED_SESSION_BYTES], seal, row.id, row.seal), log_exceptions=False)
        except psycopg2.errors.SerializationFailure:
            return

    @api.model
    def _finish(self, condition, reason, cr=None):
        """End the open sessions that meet ``condition``; :return: how many."""
        own = aside.cursor(self.env) if cr is None and self.env.cr.readonly else nullcontext(cr or self.env.cr)
        with own as cursor:
            cursor.execute(SQL(
                "UPDATE ctsp_auth_session SET date_end = %s, reason = %s, seal = NULL WHERE date_end IS NULL AND %s"
                " RETURNING identifier", fields.Datetime.now(), reason, condition))
            found = cursor.fetchall()
            if files := [identifier for (identifier,) in found if identifier]:  # a rollback ends nothing
                cursor.postcommit.add(lambda: root.session_store.delete_from_identifiers(files))
        self.invalidate_model()
        return len(found)

    @api.model
    def _finish_anyway(self, row, reason):
        """End a session whose request is about to be refused, and with it rolled back."""
        with aside.cursor(self.env) as cr:
            self._finish(SQL("id = %s", row.id), reason, cr)

    # ---- people

    @api.model
    def _here(self):
        session = self.env["ir.http"]._present_session()
        return _digest(session[TOKEN]) if session and session.get(TOKEN) else None

    @api.model
    def _end_of(self, users, reason, but_here=False):
        """End the sessions of ``users``; with ``but_here`` all but the one that asks."""
        condition = SQL("user_id IN %s", tuple(users.ids) or (0,))
        if but_here and (here := self._here()):
            condition = SQL("%s AND token <> %s", condition, here)
        return self._finish(condition, reason)

    def action_end(self):
        """End sessions: one's own, or anybody's by the security administrator."""
        admin = self.env.su or self.env.user.has_group("ctsp_base.group_security_admin")
        if not admin and any(session.user_id != self.env.user for session in self):
            raise AccessError(self.env._("Only the security administrator ends sessions of others."))
        for user in self.user_id:
            mine = self.filtered(lambda session, user=user: session.user_id == user)
            reason = "owner" if user == self.env.user else "admin"
            self._finish(SQL("id IN %s", mine._ids), reason)
            self.env["ctsp.audit.port"]._log("auth.session_end", mine, account=user.sudo().login, reason=reason)
        return True

    @api.autovacuum
    def _gc_old(self):
        """Close what timed out without being asked for again, and let go of what ended long ago."""
        now, get = fields.Datetime.now(), self.env["ctsp.parameter"]._get
        idle, longest = get("auth.session_idle_minutes"), get("auth.session_hours") * 60
        for minutes, column, reason in ((idle, "date_seen", "idle"), (longest, "date_start", "age")):
            if minutes:
                self._finish(SQL("%s < %s", SQL.identifier(column), now - timedelta(minutes=minutes)), reason)
        self._look_through()
        self.env.cr.execute(SQL(
            "DELETE FROM ctsp_auth_session WHERE date_end < %s", now - timedelta(days=KEPT_DAYS)))


def _digest(token):
    return sm3(token.encode())
