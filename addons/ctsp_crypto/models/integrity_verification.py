from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.evidence import Finding

CIPHERS = "#"  # behind the name of a model: its ciphertexts
RANGE = 5000  # rows compared in one transaction
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
    issue_ids = fields.One2many("ctsp.integrity.issue", "verification_id", readonly=True)

    @api.model
    def _start_nightly(self):
        self.create({"scope": "all"})._range_enqueue()

    @api.model
    def _models(self):
        """Return the models of the scope in a fixed order, access control first; ciphertexts of others last."""
        mapped = self.env["ctsp.integrity"]._map().models
        access = self.env["ctsp.integrity"]._access_models()
        wanted = {"access": access & mapped.keys(), "data": mapped.keys() - access, "all": mapped.keys()}[self.scope]
        rows = sorted(wanted, key=lambda model: (model not in access, model))
        return rows if self.scope == "access" else [*rows, *(f"{model}{CIPHERS}" for model in self._bare_ciphers())]

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
        return self._range_rows([model for model in self._models() if not model.endswith(CIPHERS)])

    def _range_steps(self):
        yield from self._range_over(self._models(), self._step)
        self._finish()
        yield 0

    def _step(self, model, after):
        """Compare the rows of a model after an identifier, and entries of rows that are not there any more."""
        self.env.flush_all()
        if model.endswith(CIPHERS):
            return 0, self._open_ciphers(model.removesuffix(CIPHERS), after)
        last, count = self._range_end(model, after)
        rows, entries = SQL("t.id > %s", after), SQL("res_id > %s", after)
        if last:
            rows, entries = SQL("%s AND t.id <= %s", rows, last), SQL("%s AND res_id <= %s", entries, last)
        integrity = self.env["ctsp.integrity"]
        self._keep(integrity._compare(integrity._map().models[model], rows, entries))
        return count, last

    def _open_ciphers(self, model, after):
        """Look for ciphertexts that do not open in their place; return the last row, None at the end."""
        names = self._bare_ciphers().get(model, ())
        broken, last = self.env[model]._crypto_verify(after, RANGE)
        self._keep([Finding("altered", model, res_id, name) for res_id, name in broken if name in names])
        return last

    def _range_end(self, model, after):
        """Return ``(last id of this range, rows in it)``; the id is None when nothing comes after."""
        self.env.cr.execute(SQL(
            "SELECT max(id), count(*) FROM (SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) t",
            SQL.identifier(self.env[model]._table), after, RANGE))
        last, count = self.env.cr.fetchone()
        return (last if count == RANGE else None), count

    def _finish(self):
        self._keep(self.env["ctsp.integrity.chain"]._check())
        self.write({"date_end": fields.Datetime.now(), "state": "broken" if self.issue_count else "intact"})
        self.env["ctsp.audit.port"]._log(
            "integrity.verified", self, rows=self.row_count, findings=self.issue_count)
        if self.issue_count:
            self._raise_alert("tampering", self.env._(
                "Important data or access control does not agree with its evidence: %(count)s findings.",
                count=self.issue_count))

    def _keep(self, findings):
        if not findings:
            return
        room = max(SHOWN - self.issue_count, 0)
        self.env["ctsp.integrity.issue"].create([
            self.env["ctsp.integrity.issue"]._values(found) | {"verification_id": self.id}
            for found in findings[:room]])
        self.issue_count += len(findings)
