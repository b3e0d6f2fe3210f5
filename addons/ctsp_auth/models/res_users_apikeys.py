import json
import threading

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT
from odoo.addons.ctsp_crypto.models.integrity import CREATED, REMOVED

from ..tools import key_scope, seals
from ..tools.lockout import within
from .sealed_mixin import PURPOSE

SEALED = ("id", "user_id", "scope", "expiration_date", "index", "key", "ctsp_addresses", "ctsp_calls")
PLACE = "ctsp_key_calls"


class ResUsersApikeys(models.Model):
    """Keys of interface accounts: valid for some addresses and calls, and only as the platform issued them."""

    _inherit = "res.users.apikeys"
    _integrity_fields = {1: SEALED[1:]}

    ctsp_addresses = fields.Char("Addresses", readonly=True)
    ctsp_calls = fields.Char("Calls", readonly=True)

    def init(self):
        super().init()
        for column in ("ctsp_addresses", "ctsp_calls", "ctsp_seal"):
            self.env.cr.execute(SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s varchar",
                SQL.identifier(self._table), SQL.identifier(column)))

    def _generate(self, scope, name, expiration_date):
        key = super()._generate(scope, name, expiration_date)
        self._put_down(self._seal_rows(SQL("index = %s AND user_id = %s", key[:INDEX_SIZE], self.env.uid)), (CREATED,))
        return key

    @api.autovacuum
    def _gc_user_apikeys(self):
        self.env.cr.execute(SQL(
            "SELECT id FROM %s WHERE expiration_date < now() AT TIME ZONE 'UTC'", SQL.identifier(self._table)))
        self.env["ctsp.integrity"]._touch(self._name, [row[0] for row in self.env.cr.fetchall()], (REMOVED,))
        return super()._gc_user_apikeys()

    def _check_credentials(self, *, scope, key):
        """Let a key in only as it was issued, and from where; its calls are checked when they are known."""
        uid = super()._check_credentials(scope=scope, key=key)
        if not uid:
            return uid
        row = self._row_of(uid, key)
        reason = None if row and self._is_sealed(row) and self._is_evident(row["id"]) else "key_seal"
        if not reason and row["ctsp_addresses"]:
            address = self.env["ctsp.auth.attempt"]._address()
            reason = None if within(address, row["ctsp_addresses"].split(",")) else "key_address"
        if reason:
            self.env["ctsp.audit.port"]._log_failure(
                "sign_in", who=self.env["res.users"].sudo().browse(uid).login, method="api_key", reason=reason)
            return None
        setattr(request or threading.current_thread(), PLACE, row["ctsp_calls"] or "")
        return uid

    @api.model
    def _row_of(self, uid, key):
        self.env.cr.execute(SQL(
            "SELECT * FROM %s WHERE user_id = %s AND index = %s", SQL.identifier(self._table), uid, key[:INDEX_SIZE]))
        return next((row for row in self.env.cr.dictfetchall() if KEY_CRYPT_CONTEXT.verify(key, row["key"])), None)

    @api.model
    def _covers(self, model, method):
        """Say whether the key of this request covers a call; without a key every call is covered."""
        return key_scope.covers(getattr(request or threading.current_thread(), PLACE, ""), model, method)

    @api.model
    def _check_call(self, model, method):
        """Refuse a call that the key of this request does not cover.

        :raise AccessError: logged
        """
        if not self._covers(model, method):
            self.env["ctsp.audit.port"]._log_failure("denied", method=f"{model}.{method}", reason="key_scope")
            raise AccessError(self.env._("This key does not cover the call %(call)s.", call=f"{model}.{method}"))

    @api.model
    def _restrict(self, key, addresses, calls):
        """Bind a new key of the present user to addresses (CIDR, by commas) and calls (``tools.key_scope``)."""
        condition = SQL("index = %s AND user_id = %s", key[:INDEX_SIZE], self.env.uid)
        self.env.cr.execute(SQL(
            "UPDATE %s SET ctsp_addresses = %s, ctsp_calls = %s WHERE %s",
            SQL.identifier(self._table), addresses, calls, condition))
        self._put_down(self._seal_rows(condition), ("ctsp_addresses", "ctsp_calls"))

    # ---- seals and evidence

    @api.model
    def _put_down(self, ids, names):
        """Note what was done past the ORM, at once: a key may be used before this transaction ends."""
        integrity = self.env(su=True)["ctsp.integrity"]  # superuser: evidence is the platform's, whoever issues keys
        integrity._touch(self._name, ids, names)
        integrity._flush_touched()

    @api.model
    def _is_evident(self, key_id):
        """Say whether the row is there because the platform put it there: a revoked one put back is not."""
        return bool(self.env["ctsp.integrity"]._agreeing(self.sudo().browse(key_id)))  # sudo: nobody is signed in yet

    @api.model
    def _message(self, row):
        return json.dumps([self._table, *(row[name] for name in SEALED)], default=str, ensure_ascii=False).encode()

    @api.model
    def _is_sealed(self, row):
        checked = [seals.checked(self._message(row), row["ctsp_seal"])]
        return bool(self.env["ctsp.crypto"]._verify_mac(PURPOSE, checked, context=self._name)[0])

    @api.model
    def _seal_rows(self, condition):
        """Seal the rows that fulfil ``condition``; return their identifiers."""
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("SELECT * FROM %s WHERE %s", table, condition))
        rows = self.env.cr.dictfetchall()
        if rows:
            batch = self.env["ctsp.crypto"]._mac(PURPOSE, [self._message(row) for row in rows], context=self._name)
            for row, code in zip(rows, batch.values):
                self.env.cr.execute(SQL(
                    "UPDATE %s SET ctsp_seal = %s WHERE id = %s", table, seals.write(batch, code), row["id"]))

        return [row["id"] for row in rows]

    def _seal_anew(self):
        """Seal keys anew that hold; return how many."""
        self.env.cr.execute(SQL("SELECT * FROM %s WHERE id = ANY(%s)", SQL.identifier(self._table), self.ids))
        good = [row["id"] for row in self.env.cr.dictfetchall() if self._is_sealed(row)]
        return len(self._seal_rows(SQL("id = ANY(%s)", good)))

    @api.model
    def _protect_old_keys(self):
        self._seal_rows(SQL("ctsp_seal IS NULL"))
