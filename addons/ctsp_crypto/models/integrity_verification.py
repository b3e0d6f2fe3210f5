from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.evidence import Finding
from .integrity_issue import CHAINED

CIPHERS = "#"  # behind the name of a model: its ciphertexts
CHAIN, MANIFEST = "ctsp.integrity.seal", "*"  # in place of a model: the links of the chain, what the newest one counts
RANGE = 5000  # rows compared in one transaction
LINKS = 20  # links of the chain checked in one, of thousands of entries each
REVISIONS = 5  # entries for each row of a range, on average, at most
SHOWN = 1000  # findings kept; their number is always right


class IntegrityVerification(models.Model):
    """One check of protected rows against their evidence, of ciphertexts without evidence, and of the chain over it."""

    _name = "ctsp.integrity.verification"
    _description = "Verification of Important Data"
    _inherit = ["ctsp.verification.mixin"]
    _order = "id desc"
    _range_cron = "ctsp_crypto.ir_cron_verify"

    scope = fields.Selection(
        [("access", "Access Control"), ("data", "Important Data"), ("all", "Everything")], required=True, default="all")
    state = fields.Selection(
        [("waiting", "Not Started"), ("queued", "Waiting"), ("running", "Running"), ("intact", "Intact"),
         ("broken", "Altered"), ("failed", "Broken Off")], default="waiting", required=True, readonly=True, index=True)
    job_state = fields.Selection(related="state", string="Work")  # what the progress bar in forms asks for
    row_count = fields.Integer("Rows Checked", readonly=True, aggregator=None)
    issue_ids = fields.Many2many(
        "ctsp.integrity.issue", "ctsp_integrity_issue_verification_rel", "verification_id", "issue_id", readonly=True)
    known_count = fields.Integer("Acknowledged Before", readonly=True, aggregator=None)

    @api.model
    def _start_nightly(self):
        self.create({"scope": "all"})._range_enqueue()

    @api.model
    def _models(self):
        """Return the models of the scope in a fixed order, access control first; then ciphertexts of others, the chain
        and its manifest."""
        mapped = self.env["ctsp.integrity"]._map().models
        access = self.env["ctsp.integrity"]._access_models()
        wanted = {"access": access & mapped.keys(), "data": mapped.keys() - access, "all": mapped.keys()}[self.scope]
        rows = sorted(wanted, key=lambda model: (model not in access, model))
        ciphers = [] if self.scope == "access" else [f"{model}{CIPHERS}" for model in sorted(self._bare_ciphers())]
        return [*rows, *ciphers, CHAIN, MANIFEST]

    @api.model
    def _bare_ciphers(self):
        """Return ``{model: names of its encrypted fields that no evidence covers}``."""
        mapped = self.env["ctsp.integrity"]._map().models
        found = {}
        for model in self.env["ctsp.encrypted.mixin"]._crypto_models():
            covered = mapped[model._name].names if model._name in mapped else ()
            if names := set(model._encrypted_names) - set(covered):
                found[model._name] = names
        return found

    def _range_size(self):
        mapped = self.env["ctsp.integrity"]._map().models
        return sum(mapped[model].count(self.env) for model in self._models() if model in mapped)

    def _range_steps(self):
        yield from self._range_over(self._models(), self._step)
        self._finish()
        yield 0

    def _step(self, model, after):
        """Compare the rows of a model after an identifier, and entries of rows that are not there any more."""
        self.env.flush_all()
        if model in (CHAIN, MANIFEST):
            return 0, self._check_chain(model, after)
        if model.endswith(CIPHERS):
            return 0, self._open_ciphers(model.removesuffix(CIPHERS), after)
        last, count = self._range_end(model, after)
        rows, entries = SQL("t.id > %s", after), SQL("res_id > %s", after)
        if last:
            rows, entries = SQL("%s AND t.id <= %s", rows, last), SQL("%s AND res_id <= %s", entries, last)
        integrity = self.env["ctsp.integrity"]
        integrity._flush_touched(model)
        self._keep(integrity._compare(integrity._map().models[model], rows, entries))
        return count, last

    def _check_chain(self, part, after):
        chain = self.env["ctsp.integrity.chain"]
        findings, last = chain._check_links(after, LINKS) if part == CHAIN else chain._check_manifest(after)
        self._keep(findings)
        return last

    def _open_ciphers(self, model, after):
        """Look for ciphertexts that do not open in their place; return the last row, None at the end."""
        names = self._bare_ciphers().get(model, ())
        broken, last = self.env[model]._crypto_verify(after, RANGE)
        self._keep([Finding("altered", model, res_id, name) for res_id, name in broken if name in names])
        return last

    def _range_end(self, model, after):
        """Return ``(last id of this range, rows in it)``; the id is None when nothing comes after.

        A range is bounded by rows and by entries: a table whose rows are gone, or were changed a hundred times each, is
        not read at once either.
        """
        table = SQL.identifier(self.env[model]._table)
        self.env.cr.execute(SQL(
            """SELECT (SELECT id FROM %(table)s WHERE id > %(after)s ORDER BY id OFFSET %(rows)s LIMIT 1),
                      (SELECT res_id FROM ctsp_integrity_entry WHERE model = %(model)s AND res_id > %(after)s
                        ORDER BY res_id, revision OFFSET %(entries)s LIMIT 1)""",
            table=table, model=model, after=after, rows=RANGE - 1, entries=RANGE * REVISIONS - 1))
        last = min(filter(None, self.env.cr.fetchone()), default=None)
        self.env.cr.execute(SQL(
            "SELECT count(*) FROM %s t WHERE id > %s AND %s AND %s", table, after,
            SQL("id <= %s", last) if last else SQL("TRUE"), self.env["ctsp.integrity"]._map().models[model].rows))
        return last, self.env.cr.fetchone()[0]

    def _finish(self):
        self.write({"date_end": fields.Datetime.now(), "state": "broken" if self.issue_count else "intact"})
        self.env["ctsp.audit.port"]._log(
            "integrity.verified", self, rows=self.row_count, findings=self.issue_count, known=self.known_count)
        self._not_seen()._set_gone()
        untold, beyond = self.issue_ids._to_tell(), self.issue_count - len(self.issue_ids)
        if untold or beyond:
            (untold or self.issue_ids[:1])._tell(self.display_name, self.env._(
                "Important data or access control does not agree with its evidence: %(count)s findings.",
                count=len(untold) + beyond), beyond)

    def _not_seen(self):
        """Return findings that this verification would have met and did not."""
        looked_at, cells = set(self._models()), self._bare_ciphers()

        def is_looked_at(row):
            if row.field_name in cells.get(row.model, ()):
                return f"{row.model}{CIPHERS}" in looked_at
            return row.kind in CHAINED or row.model in looked_at

        return self.env["ctsp.integrity.issue"].search([
            ("gone_on", "=", False), ("last_date", "<=", self.date_start), ("id", "not in", self.issue_ids.ids),
        ]).filtered(is_looked_at)

    def _keep(self, findings):
        if not findings:
            return
        room = max(SHOWN - self.issue_count + self.known_count, 0)
        rows = self.env["ctsp.integrity.issue"]._note(findings, self, room)
        self.issue_count += len({found.identity for found in findings})
        self.known_count += len(rows.filtered(lambda row: row.state == "known"))
