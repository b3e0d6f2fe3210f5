from collections import Counter
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.address import line
from odoo.addons.ctsp_base.tools.language import in_record_language

#: What is counted for each kind: who is meant (a column), and which rows.
KINDS = {
    "failed_account": ("login", SQL("event = 'sign_in' AND NOT success")),
    "failed_address": ("ip", SQL("event = 'sign_in' AND NOT success")),
    "failed_interface": ("ip", SQL("event = 'exchange.refused'")),
    "denied": ("login", SQL("event = 'denied'")),
    "mass_export": ("login", SQL("event = 'export'")),
    "mass_read": ("login", SQL("event = 'personal.read'")),
    "mass_delete": ("login", SQL("event = 'unlink' AND channel <> 'cron'")),
    "night": ("login", SQL("channel IN ('web', 'desk', 'rpc', 'json2')")),
    "night_sign_in": ("login", SQL("event = 'sign_in' AND success AND channel = 'web'"
                                   " AND user_id IN (SELECT id FROM res_users WHERE NOT share)")),
    "self_grant": ("login", SQL("event = 'permission' AND model = 'res.users' AND user_id = res_id"
                                " AND coalesce(detail -> 'added', '[0]') <> '[]'")),
}
BY_RECORDS = frozenset({"mass_export", "mass_read"})
BY_HOURS = frozenset({"night", "night_sign_in"})
#: rows that stand for several: refusals of one caller within a minute are one row, which says how many
REPEATED = SQL("sum(1 + coalesce((detail ->> 'repeated')::integer, 0))")


class AuditPattern(models.Model):
    """A pattern in the log that somebody should look at: how many of which rows, within which time.

    GB/T 22239-2019 8.1.5.4 (审计管理: analysis of the records, handling of what is found).
    """

    _name = "ctsp.audit.pattern"
    _description = "Pattern in the Log"
    _order = "sequence, id"
    _audit_what = "write"
    _integrity_fields = {1: ("kind", "threshold", "minutes", "hour_from", "hour_to", "active")}

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("failed_account", "Failed Sign-ins of an Account"), ("failed_address", "Failed Sign-ins from an Address"),
         ("failed_interface", "Refused Requests of an Interface, by Address"),
         ("denied", "Refused Accesses"), ("mass_export", "Records Exported"), ("mass_read", "Personal Data Read"),
         ("mass_delete", "Records Deleted"), ("night", "Work Out of Hours"),
         ("night_sign_in", "Sign-ins of Staff Out of Hours"),
         ("self_grant", "Permissions Given to Oneself")], required=True)
    threshold = fields.Integer(required=True, default=10, help="An alert is raised from this number on.")
    minutes = fields.Integer("Within Minutes", required=True, default=10)
    hour_from = fields.Float("Hours From", default=0, help="China Standard Time; the hours may reach across midnight.")
    hour_to = fields.Float("Hours To", default=5, help="The first moment that does not count any more.")
    active = fields.Boolean(default=True)

    _positive = models.Constraint(
        "CHECK(threshold > 0 AND minutes BETWEEN 1 AND 10080)",
        "The number must be positive, the time between one minute and a week.")
    _hours = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24 AND hour_from <> hour_to)",
        "The hours must lie between 0:00 and 24:00, and their beginning must not be their end.")

    @api.constrains("kind")
    def _check_kind(self):
        for pattern in self:
            if pattern.kind not in KINDS:
                raise ValidationError(self.env._("Unknown kind of pattern: %(kind)s", kind=pattern.kind))

    @api.model
    def _cron_watch(self):
        """Watch, one pattern a transaction: what one of them found is kept whatever becomes of the next."""
        patterns = self.search([])
        self.env["ir.cron"]._commit_progress(remaining=len(patterns))
        for pattern in patterns:
            pattern._watch()
            self.env["ir.cron"]._commit_progress(1)

    def _watch(self):
        """Look for these patterns and raise or refresh their alerts."""
        for pattern in in_record_language(self.sudo()):  # superuser: alerts are the platform's
            for who, count in pattern._matches():
                self.env["ctsp.audit.alert"]._raise(pattern.kind, who, count, pattern._sentence(who, count), pattern)

    def _sentence(self, who, count):
        facts = {"pattern": self.name, "who": self._shown(who), "count": count, "minutes": self.minutes}
        if self.kind in BY_RECORDS:
            return self.env._("%(pattern)s: %(who)s, %(count)s records within %(minutes)s minutes", **facts)
        return self.env._("%(pattern)s: %(who)s, %(count)s times within %(minutes)s minutes", **facts)

    def _shown(self, who):
        """Return an account or address as people read it; visitors who have not signed in share an account of Odoo."""
        if who == self.env.ref("base.public_user").sudo().login:
            return self.env._("visitors who have not signed in")
        return who

    def _matches(self):
        self.ensure_one()
        column, condition = KINDS[self.kind]
        if self.kind in BY_HOURS:
            condition = SQL("%s AND %s", condition, self._within_hours())
        number = SQL("sum(greatest(res_count, 1))") if self.kind in BY_RECORDS else SQL("count(*)")
        number = REPEATED if self.kind == "failed_interface" else number
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=self.minutes)
        by_line = column == "ip"  # of one line there may be many addresses, each below the threshold
        found = self.env.execute_query(SQL(
            "SELECT %(who)s, %(number)s FROM ctsp_audit_log WHERE date >= %(since)s AND %(condition)s"
            " AND %(who)s IS NOT NULL GROUP BY %(who)s HAVING %(number)s >= %(threshold)s",
            who=SQL.identifier(column), number=number, since=since, condition=condition,
            threshold=1 if by_line else self.threshold))
        return found if not by_line else [pair for pair in _lines(found) if pair[1] >= self.threshold]

    def _within_hours(self):
        hour = SQL("extract(epoch FROM (date AT TIME ZONE 'UTC' AT TIME ZONE %s)::time) / 3600", clock.CHINA.key)
        both = SQL("AND") if self.hour_from < self.hour_to else SQL("OR")
        return SQL("(%s >= %s %s %s < %s)", hour, self.hour_from, both, hour, self.hour_to)


def _lines(found):
    """Return ``(address, number)`` pairs with the numbers of one line put together."""
    total = Counter()
    for address, number in found:
        total[line(address)] += number
    return total.items()
