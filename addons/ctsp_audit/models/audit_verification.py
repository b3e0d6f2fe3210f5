from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

LATE = timedelta(minutes=15)  # what no seal covers after that was not written by the platform
RECENT = timedelta(days=7)
SHOWN = 1000  # findings kept; their number is always right
DOUBTFUL = frozenset({"unproven"})  # nobody could tell; everything else says that something is wrong


class AuditVerification(models.Model):
    """One check of the log against its seals and of the seals against the checkpoint outside the database.

    A range is whole seals (``ctsp.audit.checker``). Intact means that everything was proved; a code or signature that
    nobody here can check makes it *unproven*.
    """

    _name = "ctsp.audit.verification"
    _description = "Verification of the Log"
    _inherit = ["ctsp.verification.mixin"]
    _order = "id desc"
    _range_cron = "ctsp_audit.ir_cron_verification"

    scope = fields.Selection(
        [("recent", "Last Seven Days"), ("all", "Whole Log"), ("archive", "Archived Month")], required=True,
        default="all")
    archive_id = fields.Many2one("ctsp.audit.archive", "Month", readonly=True)
    row_count = fields.Integer("Rows Checked", readonly=True)
    seal_count = fields.Integer("Seals Checked", readonly=True)
    doubt_count = fields.Integer("Not to Be Told", readonly=True)
    position = fields.Integer("Last Seal Checked", readonly=True)
    keyed = fields.Boolean(readonly=True, help="Checked with a key that lies outside the database.")
    state = fields.Selection(
        [("waiting", "Not Started"), ("queued", "Waiting"), ("running", "Running"), ("intact", "Intact"),
         ("unproven", "Not Proved"), ("broken", "Not Intact"), ("failed", "Broken Off")], default="waiting",
        required=True, readonly=True, index=True)
    job_state = fields.Selection(related="state", string="Work")  # what the progress bar in forms asks for
    issue_ids = fields.One2many("ctsp.audit.verification.issue", "verification_id", readonly=True)

    @api.model
    def _start_nightly(self):
        scope = "all" if datetime.now(UTC).weekday() == 6 else "recent"
        self.create({"scope": scope})._range_enqueue()

    def _asked_again(self):
        return super()._asked_again() | {"archive_id": self.archive_id.id}

    def _range_title(self):
        return self.env._("Verification of the log")

    def _range_size(self):
        if self.archive_id:
            return self.archive_id.row_count
        self.env.cr.execute(SQL(
            "SELECT coalesce(sum(row_count), 0)::bigint FROM ctsp_audit_seal WHERE %s", self._condition()))
        return self.env.cr.fetchone()[0]

    def _condition(self):
        """Return which seals are in the scope."""
        return SQL("date >= %s", self.create_date - RECENT) if self.scope == "recent" else SQL("TRUE")

    def _range_steps(self):
        if self.archive_id:
            yield from self.archive_id._steps(self)
        else:
            yield from self._check_log()
        self._finish()
        yield 0

    def _check_log(self):
        checker, archives = self.env["ctsp.audit.checker"], self.env["ctsp.audit.archive"]
        keyed_since = self.env["ctsp.audit.seal"]._keyed_since()
        archived, doubts = archives._proved_months() if self.scope == "all" else ((), [])
        if not self.position:
            self._record(doubts, 0, [])
        while seals := checker._next_seals(self._condition(), self.position):
            before = checker._seal(seals[0]["previous_id"]) or (False if self.scope == "recent" else None)
            findings = list(checker._check_seals(seals, before, keyed_since))
            sealed, rows = checker._read_range(seals)
            findings += checker._check_range(seals, sealed, rows, archived)
            count = sum(map(len, sealed.values()))
            self._record(findings, count, seals)
            yield count
        end = [(kind, None, None, seal) for kind, seal in self.env["ctsp.audit.seal"]._check_end()]
        self._record([*end, *self._check_unsealed()], 0, [])

    def _record(self, findings, rows, seals):
        """Write down what a range gave, and that it is done."""
        room = max(SHOWN - self.issue_count, 0)
        kinds = [finding[0] for finding in findings]
        self.write({
            "row_count": self.row_count + rows, "seal_count": self.seal_count + len(seals),
            "issue_count": self.issue_count + len(findings),
            "doubt_count": self.doubt_count + sum(kind in DOUBTFUL for kind in kinds),
            "position": seals[-1]["id"] if seals else self.position,
            "issue_ids": [fields.Command.create(self._issue(*finding)) for finding in findings[:room]],
        })

    def _restart(self):
        """Forget what was found: what is to be checked cannot be taken up in its middle."""
        self.issue_ids.unlink()
        self.write({"row_count": 0, "seal_count": 0, "issue_count": 0, "doubt_count": 0, "position": 0})

    def _issue(self, kind, number, column, seal):
        return {"kind": kind, "log_number": str(number or ""), "log_id": number, "column": column, "seal_number": seal}

    # ---- what lies beyond single seals

    def _check_unsealed(self):
        """Rows without a seal: put in by another hand when their code does not fit, else not sealed in time.

        Without a key, where there is one: a failure may have been written while the provider was out of order.
        """
        late, after = datetime.now(UTC).replace(tzinfo=None) - LATE, 0
        while rows := self.env["ctsp.audit.sealer"]._unsealed(after=after):
            after = rows[-1]["id"]
            for row in rows:
                if row["genuine"] is False:
                    yield "added", row["id"], None, None
                elif row["genuine"] is None:
                    yield "unproven", row["id"], "mac_key", None
                elif not row["keyed"]:
                    yield "unkeyed" if row["success"] else "unproven", row["id"], "mac_key", None
                elif row["date"] < late:
                    yield "unsealed", row["id"], None, None

    # ---- the end

    def _finish(self):
        wrong = self.issue_count - self.doubt_count
        macer = self.env["ctsp.audit.macer"]
        self.write({
            "date_end": fields.Datetime.now(), "keyed": macer._is_keyed(macer._key_ref()),
            "state": "broken" if wrong else "unproven" if self.doubt_count else "intact",
        })
        self.env["ctsp.audit.port"]._log(
            "audit.verified", self, rows=self.row_count, findings=self.issue_count, result=self.state)
        if self.issue_count:
            self._raise_alert("tampering", self.env._(
                "The log does not agree with its seals: %(count)s findings.", count=wrong) if wrong else self.env._(
                "%(count)s codes or signatures of the log cannot be checked here.", count=self.doubt_count))

    def _raise_alert(self, kind, text, **links):
        super()._raise_alert(kind, text, verification_id=self.id, **links)
