from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class AuthLock(models.Model):
    """Accounts and addresses with failed sign-ins, and until when they wait; the security administrator may end it."""

    _name = "ctsp.auth.lock"
    _description = "Locked Account or Address"
    _auto = False
    _order = "last_date desc, id"

    kind = fields.Selection([("account", "Account"), ("address", "Address")], readonly=True)
    name = fields.Char("Account or Address", readonly=True)
    failures = fields.Integer(readonly=True, aggregator=None)
    last_date = fields.Datetime("Last Failure", readonly=True)
    addresses = fields.Char("Tried From", readonly=True)
    until = fields.Datetime("Locked Until", compute="_compute_until")
    locked = fields.Boolean(compute="_compute_until")

    @property
    def _table_query(self):
        get = self.env["ctsp.parameter"]._get
        now = fields.Datetime.now()
        return SQL(
            """
            SELECT min(id) * 2 AS id, 'account' AS kind, login AS name, count(*) AS failures, max(date) AS last_date,
                   left(string_agg(DISTINCT address, ', '), 200) AS addresses
              FROM ctsp_auth_attempt
             WHERE date > %s AND login <> ''
             GROUP BY login
             UNION ALL
            SELECT min(id) * 2 + 1, 'address', address, count(*), max(date), NULL
              FROM ctsp_auth_attempt
             WHERE date > %s AND address IS NOT NULL
             GROUP BY address
            HAVING count(*) >= %s
            """,
            self.env["ctsp.auth.attempt"]._since(now), fields.Datetime.subtract(now, hours=1),
            max(get("auth.lock_address_after"), 1),
        )

    @api.depends("failures", "last_date")
    def _compute_until(self):
        attempts, now = self.env["ctsp.auth.attempt"].sudo(), fields.Datetime.now()  # sudo: the policy in force
        for lock in self:
            code = "auth.lock_after" if lock.kind == "account" else "auth.lock_address_after"
            wait = attempts._policy(code).wait(lock.failures)
            lock.until = fields.Datetime.add(lock.last_date, seconds=wait) if wait and lock.last_date else False
            lock.locked = bool(lock.until) and lock.until > now

    def action_unlock(self):
        """Let the account or address try again at once."""
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_security_admin")):
            raise AccessError(self.env._("Only the security administrator unlocks accounts and addresses."))
        for lock in self:
            column = "login" if lock.kind == "account" else "address"
            self.env["ctsp.audit.port"]._log("auth.unlock", account=lock.name, kind=lock.kind)
            self.env.cr.execute(SQL(
                "DELETE FROM ctsp_auth_attempt WHERE %s = %s", SQL.identifier(column), lock.name))
        self.invalidate_model()
        return True
