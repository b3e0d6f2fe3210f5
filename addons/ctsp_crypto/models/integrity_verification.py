from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.language import in_record_language

RANGE = 5000  # rows compared in one transaction
SHOWN = 1000  # findings kept; their number is always right


class IntegrityVerification(models.Model):
    """One check of protected rows against their evidence, range by range: each range is a transaction of its own, so an
    interrupted check goes on where it stopped.
    """

    _name = "ctsp.integrity.verification"
    _description = "Verification of Important Data"
    _order = "id desc"

    scope = fields.Selection(
        [("access", "Access Control"), ("data", "Important Data"), ("all", "Everything")], required=True, default="all")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("intact", "Intact"), ("broken", "Altered")],
        default="waiting", required=True, readonly=True, index=True)
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    model_position = fields.Char("At", readonly=True)
    row_position = fields.Integer("At Row", readonly=True, aggregator=None)
    row_total = fields.Integer("Rows", readonly=True, aggregator=None)
    row_count = fields.Integer("Rows Checked", readonly=True, aggregator=None)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    issue_count = fields.Integer("Findings", readonly=True, aggregator=None)
    issue_ids = fields.One2many("ctsp.integrity.issue", "verification_id", readonly=True)

    @api.depends("row_count", "row_total", "date_end")
    def _compute_progress(self):
        for one in self:
            share = 100.0 * one.row_count / one.row_total if one.row_total else 0.0
            one.progress = 100.0 if one.date_end else min(share, 99.0)

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
        """Verify now, in the background; the security administrator's button."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "waiting":
            raise UserError(self.env._("This verification has been started already; make a new one."))
        self.sudo()._start()  # superuser: the engine writes the result

    @api.model
    def _start_nightly(self):
        self.create({"scope": "all"})._start()

    def _start(self):
        models_ = self._models()
        self.write({
            "state": "running", "date_start": fields.Datetime.now(), "model_position": models_[0], "row_position": 0,
            "row_total": sum(self._rows_of(model) for model in models_)})
        self.env.ref("ctsp_crypto.ir_cron_verify").sudo()._trigger()

    @api.model
    def _models(self):
        """Return the models of the scope in a fixed order, access control first."""
        mapped = self.env["ctsp.integrity"]._map().models
        access = self.env["ctsp.integrity"]._access_models()
        wanted = {"access": access & mapped.keys(), "data": mapped.keys() - access, "all": mapped.keys()}[self.scope]
        return sorted(wanted, key=lambda model: (model not in access, model))

    def _rows_of(self, model):
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(self.env[model]._table)))
        return self.env.cr.fetchone()[0]

    # -- the runner --------------------------------------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Go on with what is running, a range in each transaction. Called by the scheduled action only."""
        cron = self.env["ir.cron"]
        for one in self.search([("state", "=", "running")], order="id"):
            while one.state == "running":
                one._step()
                if not cron._commit_progress(1, remaining=int(one.state == "running")):
                    return

    def _run_now(self):
        """Verify in this transaction: for small scopes, tests and the tamper drill."""
        if self.state == "waiting":
            self._start()
        while self.state == "running":
            self._step()

    def _step(self):
        """Compare one range and remember how far it came; after the last one look at the chain and end."""
        self = in_record_language(self.sudo())  # superuser: the engine writes the result, over all rows
        model, models_ = self.model_position, self._models()
        if not model:
            self._finish()
            return
        ends, count = self._range_end(model)
        findings = self._compare(model, self.row_position, ends)
        after = models_[models_.index(model) + 1:] if model in models_ else []
        following = model if ends else after[0] if after else False
        self.write({"model_position": following, "row_position": ends or 0, "row_count": self.row_count + count})
        self._keep(findings)

    def _range_end(self, model):
        """Return ``(last id of this range, rows in it)``; the id is None when nothing comes after."""
        self.env.cr.execute(SQL(
            "SELECT max(id), count(*) FROM (SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) t",
            SQL.identifier(self.env[model]._table), self.row_position, RANGE))
        last, count = self.env.cr.fetchone()
        return (last if count == RANGE else None), count

    def _compare(self, model, after, last):
        integrity = self.env["ctsp.integrity"]
        self.env.flush_all()
        rows, entries = SQL("t.id > %s", after), SQL("res_id > %s", after)
        if last:
            rows, entries = SQL("%s AND t.id <= %s", rows, last), SQL("%s AND res_id <= %s", entries, last)
        return integrity._compare(integrity._map().models[model], rows, entries)

    def _finish(self):
        self._keep(self.env["ctsp.integrity.chain"]._check())
        self.write({"date_end": fields.Datetime.now(), "state": "broken" if self.issue_count else "intact"})
        self.env["ctsp.audit.port"]._log(
            "integrity.verified", self, rows=self.row_count, findings=self.issue_count)
        if self.issue_count:
            self.env["ctsp.audit.alert"]._raise("tampering", self.display_name, self.issue_count, self.env._(
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
