import time
from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.models.progress import ProgressCancelled
from odoo.addons.ctsp_base.tools.language import in_record_language

LATE = timedelta(minutes=15)  # what no seal covers after that was not written by the platform
RECENT = timedelta(days=7)
SHOWN = 1000  # findings kept; their number is always right
AT_ONCE = 1200  # seconds of one run; then others get their turn
ATTEMPTS = 5  # a range that cannot be checked so often is given up
OPEN = ("queued", "running")
DOUBTFUL = frozenset({"unproven"})  # nobody could tell; everything else says that something is wrong


class AuditVerification(models.Model):
    """One check of the log against its seals and of the seals against the checkpoint outside the database.

    Run by a scheduled action of its own, range by range (``ctsp.audit.checker``), each in a transaction of its own: a
    verification that is interrupted goes on where it was. Intact means that everything was proved; a code or signature
    that nobody here can check makes it *unproven*.
    """

    _name = "ctsp.audit.verification"
    _description = "Verification of the Log"
    _order = "id desc"

    scope = fields.Selection(
        [("recent", "Last Seven Days"), ("all", "Whole Log"), ("archive", "Archived Month")], required=True,
        default="all")
    archive_id = fields.Many2one("ctsp.audit.archive", "Month", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Asked For By", readonly=True, default=lambda self: self.env.user, index=True)
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    row_count = fields.Integer("Rows Checked", readonly=True)
    seal_count = fields.Integer("Seals Checked", readonly=True)
    issue_count = fields.Integer("Findings", readonly=True)
    doubt_count = fields.Integer("Not to Be Told", readonly=True)
    position = fields.Integer("Last Seal Checked", readonly=True)
    attempts = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)
    keyed = fields.Boolean(readonly=True, help="Checked with a key that lies outside the database.")
    state = fields.Selection(
        [("waiting", "Not Started"), ("queued", "Waiting"), ("running", "Running"), ("intact", "Intact"),
         ("unproven", "Not Proved"), ("broken", "Not Intact"), ("failed", "Broken Off")], default="waiting",
        required=True, readonly=True, index=True)
    job_state = fields.Selection(related="state", string="Work")  # what the progress bar in forms asks for
    issue_ids = fields.One2many("ctsp.audit.verification.issue", "verification_id", readonly=True)

    @api.depends("scope", "create_date")
    def _compute_display_name(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for one in self:
            made = fields.Datetime.context_timestamp(one, one.create_date) if one.create_date else None
            one.display_name = f"{labels.get(one.scope)} {made:%Y-%m-%d %H:%M}" if made else labels.get(one.scope)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.keys() - {"scope"} for vals in vals_list):
            self._refuse_result()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"scope"} or any(one.state != "waiting" for one in self)):
            self._refuse_result()
        return super().write(vals)

    def _refuse_result(self):
        raise AccessError(self.env._("The result of a verification is written by the platform alone."))

    # ---- starting

    def action_start(self):
        """Verify in the background; the audit administrator's button. A finished one stays: a new one starts."""
        self.ensure_one()
        self.check_access("write")
        if self.state in OPEN:
            raise UserError(self.env._("This verification is running already."))
        if self.state == "waiting":
            return self._enqueue()
        new = self.sudo().create({"scope": self.scope, "archive_id": self.archive_id.id, "user_id": self.env.uid})
        new._enqueue()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": new.id, "view_mode": "form",
                "views": [(False, "form")]}

    def _enqueue(self):
        one = self.sudo()  # superuser: state and progress are the engine's
        one.write({"state": "queued", "error": False})
        one.with_user(one.user_id).env["ctsp.progress"]._wait(self._title(), one)
        self.env.ref("ctsp_audit.ir_cron_verification").sudo()._trigger()

    @api.model
    def _start_nightly(self):
        scope = "all" if datetime.now(UTC).weekday() == 6 else "recent"
        self.create({"scope": scope})._enqueue()

    def _title(self):
        return self.env._("Verification of the log")

    # ---- running

    @api.model
    def _cron_run(self):
        """Go on with what is asked for, oldest first. Called by the scheduled action only."""
        while one := self.search([("state", "in", OPEN)], order="id", limit=1):
            if not one._run():
                return  # time is up; the scheduled action is called again
        self.env["ir.cron"]._commit_progress(1, remaining=0)

    def _run(self):
        """Verify on from where it stands, committing each range. Return whether it came to its end."""
        one = in_record_language(self.sudo())  # superuser: the engine writes the result, over all rows
        if one.attempts >= ATTEMPTS:
            message = one.env._("Interrupted five times at the same place.")
            one._break_off(message)
            one._raise_alert("unverified", message)
            return True
        one.write({"state": "running", "date_start": one.date_start or fields.Datetime.now(),
                   "attempts": one.attempts + 1})
        cron, until = one.env["ir.cron"], time.monotonic() + AT_ONCE
        cron._commit_progress(1, remaining=1)  # the mark must be seen when this process dies
        try:
            with one.env["ctsp.progress"].with_user(one.user_id)._open(one._title(), one._size(), one) as bar:
                bar.done = one.row_count
                for rows in one._steps():
                    cron._commit_progress(1, remaining=1)
                    bar.step(rows)
                    if time.monotonic() > until:
                        return False
        except ProgressCancelled as error:
            one._break_off(str(error))
        except UserError as error:
            one._break_off(str(error))
            one._raise_alert("unverified", one.env._("The log could not be verified: %(reason)s", reason=str(error)))
        return True

    def _size(self):
        if self.archive_id:
            return self.archive_id.row_count
        self.env.cr.execute(SQL(
            "SELECT coalesce(sum(row_count), 0)::bigint FROM ctsp_audit_seal WHERE %s", self._condition()))
        return self.env.cr.fetchone()[0]

    def _condition(self):
        """Return which seals are in the scope."""
        return SQL("date >= %s", self.create_date - RECENT) if self.scope == "recent" else SQL("TRUE")

    def _steps(self):
        """Do the work range by range; yield the number of rows after each, when it may be committed."""
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
        self._record([*self._check_end(), *self._check_unsealed()], 0, [])

    def _record(self, findings, rows, seals):
        """Write down what a range gave, and that it is done."""
        room = max(SHOWN - self.issue_count, 0)
        kinds = [finding[0] for finding in findings]
        self.write({
            "row_count": self.row_count + rows, "seal_count": self.seal_count + len(seals),
            "issue_count": self.issue_count + len(findings),
            "doubt_count": self.doubt_count + sum(kind in DOUBTFUL for kind in kinds),
            "position": seals[-1]["id"] if seals else self.position, "attempts": 0,
            "issue_ids": [fields.Command.create(self._issue(*finding)) for finding in findings[:room]],
        })

    def _restart(self):
        """Forget what was found: what is to be checked cannot be taken up in its middle."""
        self.issue_ids.unlink()
        self.write({"row_count": 0, "seal_count": 0, "issue_count": 0, "doubt_count": 0, "position": 0})

    def _issue(self, kind, number, column, seal):
        return {"kind": kind, "log_number": str(number or ""), "log_id": number, "column": column, "seal_number": seal}

    # ---- what lies beyond single seals

    def _check_end(self):
        """Every checkpoint outside the database must be a seal inside it, and where there are seals there are some."""
        known = 0
        try:
            for checkpoints in self.env["ctsp.audit.sealer"]._checkpoints():
                known += len(checkpoints)
                self.env.cr.execute(SQL("SELECT id, digest FROM ctsp_audit_seal WHERE id = ANY(%s)", list(checkpoints)))
                present = dict(self.env.cr.fetchall())
                gone = [seal for seal, digest in checkpoints.items() if present.get(seal) != digest]
                yield from (("cut", None, None, seal) for seal in gone)
        except (OSError, ValueError, KeyError, TypeError):
            yield "checkpoint", None, None, None
            return
        self.env.cr.execute("SELECT min(date) FROM ctsp_audit_seal")
        first = self.env.cr.fetchone()[0]
        if not known and first and first < datetime.now(UTC).replace(tzinfo=None) - LATE:
            yield "checkpoint", None, None, None

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

    def _break_off(self, message):
        self.write({"state": "failed", "date_end": fields.Datetime.now(), "error": message})
        self.env["ctsp.progress"]._fail(self, message)

    def _raise_alert(self, kind, text):
        self.env["ctsp.audit.alert"]._raise(
            kind, self.display_name, max(self.issue_count, 1), text, verification_id=self.id)
