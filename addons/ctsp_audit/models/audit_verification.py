from datetime import UTC, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import chain, compare
from ..tools import row as layout

BATCH = 5000
LATE = timedelta(minutes=15)  # what no seal covers after that was not written by the platform
SHOWN = 1000  # findings kept; their number is always right


class AuditVerification(models.Model):
    """One check of the log against its seals and of the seals against the checkpoint outside the database."""

    _name = "ctsp.audit.verification"
    _description = "Verification of the Log"
    _inherit = ["ctsp.job.mixin"]
    _order = "id desc"

    scope = fields.Selection(
        [("recent", "Last Seven Days"), ("all", "Whole Log")], required=True, default="all")
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    row_count = fields.Integer("Rows Checked", readonly=True)
    seal_count = fields.Integer("Seals Checked", readonly=True)
    issue_count = fields.Integer("Findings", readonly=True)
    keyed = fields.Boolean(readonly=True, help="Checked with a key that lies outside the database.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("intact", "Intact"), ("broken", "Altered")], default="waiting", required=True,
        readonly=True)
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

    def action_start(self):
        """Verify now, in the background; the audit administrator's button."""
        self.ensure_one()
        self.check_access("write")
        if self.job_state in ("queued", "running"):
            raise UserError(self.env._("This verification is running already."))
        self._job_start(background=True)

    @api.model
    def _start_nightly(self):
        scope = "all" if datetime.now(UTC).weekday() == 6 else "recent"
        self.create({"scope": scope})._job_start(background=True)

    def _job_title(self):
        return self.env._("Verification of the log")

    def _job_size(self):
        self.env.cr.execute("SELECT count(*) FROM ctsp_audit_seal_row")
        return self.env.cr.fetchone()[0]

    def _job_execute(self, progress):
        self = in_record_language(self.sudo())  # superuser: the engine writes the result, over all rows
        self.issue_ids.unlink()
        self.write({"date_start": fields.Datetime.now(), "state": "waiting"})
        findings, rows, seals = self._find(progress)
        macer = self.env["ctsp.audit.macer"]
        self.write({
            "date_end": fields.Datetime.now(), "row_count": rows, "seal_count": seals, "issue_count": len(findings),
            "keyed": macer._macs([b""])[1] != "sm3", "state": "broken" if findings else "intact",
            "issue_ids": [fields.Command.create(self._issue(*finding)) for finding in findings[:SHOWN]],
        })
        self.env["ctsp.audit.port"]._log("audit.verified", self, rows=rows, findings=len(findings))
        if findings:
            self.env["ctsp.audit.alert"]._raise("tampering", f"verification {self.id}", len(findings), self.env._(
                "The log does not agree with its seals: %(count)s findings.", count=len(findings)))

    def _find(self, progress):
        """Return ``(findings, rows checked, seals checked)``; a finding is ``(kind, log row, column, seal)``."""
        findings, rows, previous, seals = [], 0, None, self._seals()
        archived = self._archived_until()
        for seal in seals:
            findings += [(*found, seal["id"]) for found in self._check_seal(seal, previous)]
            previous = seal
            sealed = self._sealed(seal["id"])
            if chain.digest(seal["previous"], sorted(sealed.items())) != seal["digest"]:
                findings.append(("seal", None, "digest", seal["id"]))
            numbers = sorted(sealed)
            for start in range(0, len(numbers), BATCH):
                part = {number: sealed[number] for number in numbers[start:start + BATCH]}
                findings += [(*found, seal["id"]) for found in self._check_rows(part, archived)]
                rows += len(part)
                progress.step(len(part))
        findings += self._check_end(previous)
        findings += self._check_unsealed()
        return findings, rows, len(seals)

    def _seals(self):
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=7)
        self.env.cr.execute(SQL(
            "SELECT id, date, row_count, first_date, last_date, previous_id, previous, digest, mac, mac_key, signature,"
            " signature_key FROM ctsp_audit_seal WHERE %s ORDER BY id",
            SQL("date >= %s", since) if self.scope == "recent" else SQL("TRUE")))
        return self.env.cr.dictfetchall()

    def _sealed(self, seal_id):
        self.env.cr.execute(SQL("SELECT log_id, mac FROM ctsp_audit_seal_row WHERE seal_id = %s", seal_id))
        return dict(self.env.cr.fetchall())

    def _archived_until(self):
        self.env.cr.execute("SELECT max(month) + interval '1 month' FROM ctsp_audit_archive")
        return self.env.cr.fetchone()[0]

    def _check_seal(self, seal, previous):
        """Check one link: its own code and signature, and that it follows the link before."""
        macer, message = self.env["ctsp.audit.macer"], chain.message(seal)
        codes, _key = macer._macs([message], seal["mac_key"])
        if codes is None or codes[0] != seal["mac"]:
            yield "seal", None, "mac"
        if seal["signature"] and macer._verify(message, seal["signature"], seal["signature_key"]) is False:
            yield "seal", None, "signature"
        if previous and (seal["previous_id"], seal["previous"]) != (previous["id"], previous["digest"]):
            yield "seal", None, "previous"
        if previous is None and self.scope == "all" and seal["previous"] != chain.START:
            yield "seal", None, "previous"

    def _check_rows(self, sealed, archived):
        names = SQL(", ").join(map(SQL.identifier, layout.STORED))
        self.env.cr.execute(SQL("SELECT %s FROM ctsp_audit_log WHERE id = ANY(%s) ORDER BY id", names, list(sealed)))
        rows = self.env.cr.dictfetchall()
        findings = compare.sealed_rows(sealed, {row["id"]: row["mac"] for row in rows})
        if archived:
            missing = [number for kind, number, _column in findings if kind == "missing"]
            gone = self._gone_with_archive(missing, archived)
            findings = [found for found in findings if found[0] != "missing" or found[1] not in gone]
        findings += compare.contents(rows, self.env["ctsp.audit.port"]._codes(rows))
        return list(dict.fromkeys(findings))  # an exchanged code is seen by both comparisons

    def _gone_with_archive(self, numbers, archived):
        """Return which of ``numbers`` belong to seals that end before what is archived ends."""
        self.env.cr.execute(SQL(
            "SELECT log_id FROM ctsp_audit_seal_row r JOIN ctsp_audit_seal s ON s.id = r.seal_id"
            " WHERE log_id = ANY(%s) AND s.first_date < %s", numbers, archived))
        return {row[0] for row in self.env.cr.fetchall()}

    def _check_end(self, last):
        """Every checkpoint outside the database must be a seal inside it, and where there are seals there are some."""
        try:
            checkpoints = self.env["ctsp.audit.sealer"]._checkpoints()
        except (OSError, ValueError, KeyError):
            return [("checkpoint", None, None, None)]
        if not checkpoints:
            late = datetime.now(UTC).replace(tzinfo=None) - LATE
            return [("checkpoint", None, None, None)] if last and last["date"] < late else []
        self.env.cr.execute(SQL("SELECT id, digest FROM ctsp_audit_seal WHERE id = ANY(%s)", list(checkpoints)))
        present = dict(self.env.cr.fetchall())
        return [("cut", None, None, seal) for seal, digest in checkpoints.items() if present.get(seal) != digest]

    def _check_unsealed(self):
        """Rows without a seal: put in by another hand when their code does not fit, else not sealed in time."""
        late = datetime.now(UTC).replace(tzinfo=None) - LATE
        for row in self.env["ctsp.audit.sealer"]._unsealed(limit=100_000):
            if not row["genuine"]:
                yield "added", row["id"], None, None
            elif row["date"] < late:
                yield "unsealed", row["id"], None, None

    def _issue(self, kind, number, column, seal):
        return {"kind": kind, "log_number": str(number or ""), "log_id": number, "column": column, "seal_number": seal}
