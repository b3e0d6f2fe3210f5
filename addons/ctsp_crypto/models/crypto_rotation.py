from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import files
from .integrity import MAC

RANGE = 2000  # rows done anew in one transaction


class CryptoRotation(models.Model):
    """The renewal of a key while people work.

    The new version protects from the moment of the start; what lies under older versions stays readable and is done
    anew range by range, each in a transaction of its own, so that an interrupted renewal goes on where it stopped. A
    domain key wraps data keys anew and leaves data alone: evidence stays as it is.
    """

    _name = "ctsp.crypto.rotation"
    _description = "Renewal of a Key"
    _order = "id desc"
    _rec_name = "key_id"
    _audit_what = "write"

    key_id = fields.Selection(lambda self: self._selection_key(), "Key", required=True)
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "Started By", readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("done", "Done")], default="draft", required=True, readonly=True,
        index=True)
    version = fields.Integer("New Version", readonly=True, aggregator=None)
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    model_position = fields.Char("At", readonly=True)
    row_position = fields.Integer("At Row", readonly=True, aggregator=None)
    row_total = fields.Integer("Rows", readonly=True, aggregator=None)
    row_count = fields.Integer("Rows Done Anew", readonly=True, aggregator=None)
    row_left = fields.Integer("Rows Left as They Are", readonly=True, aggregator=None,
                              help="Rows that do not agree with their evidence keep the old version.")
    progress = fields.Float("Progress (%)", compute="_compute_progress")

    @api.depends("row_count", "row_total", "state")
    def _compute_progress(self):
        for one in self:
            share = 100.0 * one.row_count / one.row_total if one.row_total else 0.0
            one.progress = 100.0 if one.state == "done" else min(share, 99.0)

    @api.model
    def _selection_key(self):
        # superuser: the list of keys is no secret; the screen is the security administrator's
        purposes = self.env["ctsp.crypto.purpose"].sudo().search([])
        inside = purposes.filtered(lambda purpose: not purpose.locators)
        domains = dict.fromkeys(inside.mapped("domain"))
        return [
            *((f"data/{purpose.code}", purpose.name) for purpose in inside),
            *((f"domain/{name}", self.env._("Domain key: %(name)s", name=name)) for name in domains)]

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.keys() - {"key_id", "reason"} for vals in vals_list):
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"key_id", "reason"} or any(one.state != "draft" for one in self)):
            self._refuse()
        return super().write(vals)

    def _refuse(self):
        raise AccessError(self.env._("The course of a renewal is written by the platform alone."))

    def action_start(self):
        """Make the new version and begin to do anew what lies under older ones."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This renewal has been started already."))
        if self.sudo().search_count([("key_id", "=", self.key_id), ("state", "=", "running")], limit=1):
            raise UserError(self.env._("This key is being renewed already."))
        one = self.sudo()  # superuser: the engine writes the course
        version = self.env["ctsp.crypto.key"]._rotate(self.key_id, self.reason)
        targets = one._targets()
        one.write({
            "state": "running", "user_id": self.env.uid, "version": version, "date_start": fields.Datetime.now(),
            "model_position": targets[0] if targets else False, "row_position": 0,
            "row_total": sum(one._rows_of(model) for model in targets)})
        self.env.ref("ctsp_crypto.ir_cron_rotate").sudo()._trigger()

    # -- what is to be done anew -------------------------------------------------------------------------------------

    def _purpose(self):
        return self.key_id.removeprefix("data/") if self.key_id.startswith("data/") else None

    def _targets(self):
        """Return the names of models whose rows are done anew, sorted."""
        if self._purpose() == MAC:
            return sorted(self.env["ctsp.integrity"]._map().models)
        if self._purpose() == files.PURPOSE:
            return ["ir.attachment"]
        models_ = self.env["ctsp.encrypted.mixin"]._crypto_models()
        return [model._name for model in models_ if self._purpose() in self._purposes_of(model)]

    @api.model
    def _purposes_of(self, model):
        fields_ = [model._fields[name] for name in model._encrypted_names]
        return {field.purpose for field in fields_} | {field.index_purpose for field in fields_}

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

    def _step(self):
        """Do the next range anew and remember how far it came."""
        self.ensure_one()
        model = self.model_position
        if not model:
            self.write({"state": "done", "date_end": fields.Datetime.now()})
            self.env["ctsp.audit.port"]._log(
                "crypto.key", self, action="done anew", key=self.key_id, version=self.version, rows=self.row_count)
            return
        if self._purpose() == MAC:
            count, left, last = self.env["ctsp.integrity"]._rekey(model, self.row_position, RANGE)
        else:
            count, left, last = self.env[model]._crypto_rewrap(self.row_position, RANGE)
        targets = self._targets()
        after = targets[targets.index(model) + 1:] if model in targets else []
        following = model if last else after[0] if after else False
        self.write({
            "model_position": following, "row_position": last or 0, "row_count": self.row_count + count,
            "row_left": self.row_left + left})
