import os
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import SQL, config

from ..tools import archive


class AuditArchive(models.Model):
    """A month that was taken out of the log by ``scripts/archive-log``, which runs as the owner of the tables.

    It stands for the rows it took along only while its code and signature fit, its file is what it was, and the month's
    seals are those it names.
    """

    _name = "ctsp.audit.archive"
    _inherit = ["ctsp.append.mixin"]
    _description = "Archived Month of the Log"
    _auto = False
    _order = "month desc"

    date = fields.Datetime("Archived At", readonly=True)
    month = fields.Date(readonly=True)
    operator = fields.Char("Archived By", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, aggregator="sum")
    seal_count = fields.Integer("Seals", readonly=True, aggregator="sum")
    file_name = fields.Char("File", readonly=True)
    file_size = fields.Integer("Size in Bytes", readonly=True, aggregator="sum")
    file_digest = fields.Char("SM3", readonly=True)
    mac_key = fields.Char("Protected With", readonly=True)
    signature_key = fields.Char("Signed With", readonly=True)
    verification_ids = fields.One2many("ctsp.audit.verification", "archive_id", "Verifications", readonly=True)
    last_state = fields.Selection("_selection_state", string="Last Verification", compute="_compute_last")
    last_date = fields.Datetime("Verified At", compute="_compute_last")

    @api.model
    def _selection_state(self):
        return self.env["ctsp.audit.verification"]._fields["state"]._description_selection(self.env)

    def _check_removed_columns(self, log=False):  # pylint: disable=method-required-super
        """Columns that no screen shows are no leftovers; and the table is not Odoo's to alter."""

    @api.depends("month")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.month:%Y-%m}"

    @api.depends("verification_ids.state", "verification_ids.date_end")
    def _compute_last(self):
        for one in self:
            last = one.verification_ids[:1]  # the newest comes first
            one.last_state, one.last_date = last.state, last.date_end

    def action_verify(self):
        """Read the file of the month again and compare every row with its code and its seal; in the background."""
        self.ensure_one()
        checks = self.env["ctsp.audit.verification"]
        checks.check_access("create")
        check = checks.sudo().create({"scope": "archive", "archive_id": self.id, "user_id": self.env.uid})  # the month
        check._enqueue()
        return {"type": "ir.actions.act_window", "res_model": checks._name, "res_id": check.id, "view_mode": "form",
                "views": [(False, "form")]}

    # ---- proof

    @api.model
    def _folder(self):
        """Return where the files lie: ``CTSP_AUDIT_ARCHIVE``, else beside Odoo's data."""
        return Path(os.environ.get("CTSP_AUDIT_ARCHIVE") or Path(config["data_dir"]) / "audit-archive")

    @api.model
    def _facts(self):
        """Return the rows as dicts with the columns that no field shows."""
        self.env.cr.execute("SELECT * FROM ctsp_audit_archive ORDER BY month")
        return self.env.cr.dictfetchall()

    @api.model
    def _proved_months(self):
        """Return ``({(year, month)} that excuse their rows, findings)``.

        A month whose file cannot be reached from here excuses its rows, but leaves a finding that says so.
        """
        months, findings = set(), []
        for facts in self._facts():
            found = list(self._check_register(facts)) + list(self._check_whole_file(facts))
            findings += [(kind, None, f"{facts['month']:%Y-%m} {what}", None) for kind, what in found]
            if all(kind == "unproven" for kind, _what in found):
                months.add((facts["month"].year, facts["month"].month))
        return months, findings

    @api.model
    def _check_register(self, facts):
        """Yield ``(kind, what)`` about the row itself and the seals it names."""
        if any(facts[name] is None for name in (*archive.FACTS, "mac") if name != "operator"):
            yield "archive", "mac"
            return
        for kind, _row, what in self.env["ctsp.audit.checker"]._check_proof("archive", facts, archive.message(facts)):
            yield kind, what
        since, macer = self.env["ctsp.audit.seal"]._keyed_since(), self.env["ctsp.audit.macer"]
        if since and facts["date"] > since and not macer._is_keyed(facts["mac_key"]):
            yield "unkeyed", "mac_key"
        if archive.seals_digest(self._seals_of(facts["month"])) != facts["seals_digest"]:
            yield "archive", "seals"

    @api.model
    def _check_whole_file(self, facts):
        path = self._folder() / Path(facts["file_name"]).name
        if not path.is_file():
            yield "unproven", "file"
        elif any(value != facts[name] for name, value in archive.file_facts(path).items()):
            yield "archive", "file"

    @api.model
    def _seals_of(self, month):
        """Return ``[(identifier, digest, rows)]`` of the seals over rows of a month."""
        self.env.cr.execute(SQL(
            "SELECT id, digest, row_count FROM ctsp_audit_seal WHERE %s ORDER BY id", self._of_month(month)))
        return self.env.cr.fetchall()

    @api.model
    def _of_month(self, month, column="first_date"):
        column = SQL.identifier(column)
        return SQL("%s >= %s AND %s < %s + interval '1 month'", column, month, column, month)

    # ---- reading the file

    def _steps(self, verification):
        """Check the file row by row; yield the number of rows after each range (see ``ctsp.audit.verification``)."""
        self.ensure_one()
        verification._restart()  # a packed file is read from its beginning
        facts = next(one for one in self._facts() if one["id"] == self.id)
        found = [*self._check_register(facts), *self._check_whole_file(facts)]
        verification._record([(kind, None, what, None) for kind, what in found], 0, [])
        if ("unproven", "file") in found:
            return
        try:
            for seals, rows, findings in self._check_file(self._folder() / facts["file_name"], facts):
                verification._record(findings, rows, seals)
                yield rows
        except (ValueError, KeyError, EOFError, OSError):
            verification._record([("archive", None, "file", None)], 0, [])

    @api.model
    def _check_file(self, path, facts):
        """Yield ``(seals, rows, findings)`` range by range, at the end what the whole file lacks."""
        checker, total, ids, known = self.env["ctsp.audit.checker"], 0, 0, self._seals_of(facts["month"])
        left = {number for number, _digest, _count in known}
        batch, size = [], 0
        for seal_id, rows in archive.by_seal(path):
            batch.append((seal_id, rows))
            size += len(rows)
            if size >= 5000:
                yield self._check_batch(checker, batch)
                batch, size = [], 0
            left.discard(seal_id)
            total += len(rows)
            ids += sum(row["id"] for row in rows)
        if batch:
            yield self._check_batch(checker, batch)
        findings = [("seal", None, "missing", seal_id) for seal_id in sorted(left)]
        if (total, ids) != (facts["row_count"], int(facts["id_sum"])):
            findings.append(("archive", None, "row_count", None))
        yield [], 0, findings

    @api.model
    def _check_batch(self, checker, batch):
        """Compare what the file has of some seals with these seals in the database."""
        seals, findings = [], []
        for seal_id, rows in batch:
            seal = checker._seal(seal_id)
            listed = {row["id"]: row["mac"] for row in rows}
            if not seal:
                findings.append(("archive", None, "seals", seal_id))
                continue
            seals.append(seal)
            findings += checker._check_range([seal], {seal_id: listed}, rows)
        return seals, sum(len(rows) for _seal, rows in batch), findings
