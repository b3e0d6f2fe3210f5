from datetime import UTC, date, datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import archive

GRACE = timedelta(days=7)  # after a month has become due, for the timer that archives it
LEAST_MONTHS = 6  # 网络安全法 Article 21: network logs are kept for no less than six months


class AuditArchiver(models.AbstractModel):
    """Exports a month of the log; ``scripts/archive-log`` then has the owner of the tables take it out.

    The month is compared with its seals while it is written, the file is read back and compared again, and only then
    are its facts signed.
    """

    _name = "ctsp.audit.archiver"
    _description = "Archiver of the Log"

    @api.model
    def _due_months(self, today=None):
        """Return the first days of the months that are older than the retention and still in the log."""
        today = today or clock.today()
        self.env.cr.execute("SELECT min(date) FROM ctsp_audit_log")
        first, months = self.env.cr.fetchone()[0], []
        month = first and date(first.year, first.month, 1)
        while month and self._is_due(month, today):
            self.env.cr.execute(SQL(
                "SELECT EXISTS (SELECT FROM ctsp_audit_log WHERE %s)",
                self.env["ctsp.audit.archive"]._of_month(month, "date")))
            if self.env.cr.fetchone()[0]:
                months.append(month)
            month = _following(month)
        return months

    @api.model
    def _is_due(self, month, today):
        """Say whether the last day of ``month`` lies at least the retention behind."""
        kept = max(self.env["ctsp.parameter"]._get("audit.retention_months"), LEAST_MONTHS)
        end = _following(month)
        for _n in range(kept):
            end = _following(end)
        return end <= today

    @api.model
    def _watch_due(self):
        """Tell the audit administrator of months that should have been archived: only the owner's role can do it."""
        months = self._due_months(clock.today() - GRACE)
        if months:
            named = "、".join(f"{month:%Y-%m}" for month in months)
            words = in_record_language(self).env
            self.env["ctsp.audit.alert"]._raise("archive_due", words._("Audit Log"), len(months), words._(
                "The log still holds months older than its retention (%(months)s): have the operator run"
                " scripts/archive-log and look after its timer ctsp-archive.timer.", months=named))

    @api.model
    def _export(self, month, operator):
        """Write the file of ``month`` and return its signed facts.

        :param operator: who archives, by name
        :raise UserError: the month is too young, not sealed whole, or does not agree with its seals
        """
        if not self._is_due(month, clock.today()):
            raise UserError(self.env._("%(month)s is younger than the log must be kept.", month=f"{month:%Y-%m}"))
        archives = self.env["ctsp.audit.archive"]
        path = archives._folder() / f"{self.env.cr.dbname}-{month:%Y-%m}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        rows, ids = self._write(month, path)
        self._check_complete(month, rows)
        seals = archives._seals_of(month)
        macer = self.env["ctsp.audit.macer"]
        facts = {
            "month": month, "date": datetime.now(UTC).replace(tzinfo=None), "operator": operator, "row_count": rows,
            "id_sum": ids, "seal_count": len(seals), "seals_digest": archive.seals_digest(seals),
            "mac_key": macer._key_ref(), **archive.file_facts(path),
        }
        self._read_back(path, facts)
        message = archive.message(facts)
        (facts["mac"],), _key = macer._macs([message], facts["mac_key"])
        facts["signature"], facts["signature_key"] = macer._sign(message) or (None, None)
        archive.write_manifest(path, facts)
        self.env["ctsp.audit.port"]._log(
            "audit.archived", rows=rows, month=f"{month:%Y-%m}", file=path.name, sm3=facts["file_digest"],
            who=operator)
        return facts

    @api.model
    def _write(self, month, path):
        """Write the rows of the month's seals, each range compared before; return their number and sum of numbers."""
        checker, keyed_since = self.env["ctsp.audit.checker"], self.env["ctsp.audit.seal"]._keyed_since()
        condition, after, count, ids = self.env["ctsp.audit.archive"]._of_month(month), 0, 0, 0
        with archive.writing(path) as write:
            while seals := checker._next_seals(condition, after):
                after = seals[-1]["id"]
                findings = list(checker._check_seals(seals, False, keyed_since))
                sealed, rows = checker._read_range(seals)
                self._refuse(findings + checker._check_range(seals, sealed, rows))
                found = {row["id"]: row for row in rows}
                for seal_id, listed in sealed.items():
                    for number in listed:
                        write(found[number], seal_id)
                count, ids = count + len(rows), ids + sum(found)
        return count, ids

    @api.model
    def _refuse(self, findings):
        if findings:
            kind, row, what, seal = findings[0]
            raise UserError(self.env._(
                "The month does not agree with its seals (%(count)s findings; the first: %(kind)s, row %(row)s,"
                " %(what)s, seal %(seal)s). Verify the log, clear this up, then archive.",
                count=len(findings), kind=kind, row=row or "–", what=what or "–", seal=seal or "–"))

    @api.model
    def _check_complete(self, month, rows):
        """Every row of the month is in the file: none without a seal, none in a seal of two months."""
        self.env.cr.execute(SQL(
            "SELECT count(*) FROM ctsp_audit_log WHERE %s", self.env["ctsp.audit.archive"]._of_month(month, "date")))
        present = self.env.cr.fetchone()[0]
        if present != rows:
            raise UserError(self.env._(
                "%(month)s has %(present)s rows, %(sealed)s of them with a seal of that month: verify the log first.",
                month=f"{month:%Y-%m}", present=present, sealed=rows))

    @api.model
    def _read_back(self, path, facts):
        for _seals, _rows, findings in self.env["ctsp.audit.archive"]._check_file(path, facts):
            self._refuse(findings)


def _following(month):
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
