from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.models.range_mixin import OPEN

from ..tools import files
from .audit_macer import MAC as LOG_MAC
from .integrity import MAC

RANGE = 2000  # rows done anew in one transaction
PASSES = 5


class CryptoRotation(models.Model):
    """The renewal of a key while people work.

    The new version protects from the moment of the start; what lies under older versions stays readable and is done
    anew range by range. A domain key wraps data keys anew and leaves data alone: evidence stays as it is.
    """

    _name = "ctsp.crypto.rotation"
    _description = "Renewal of a Key"
    _inherit = ["ctsp.range.mixin"]
    _order = "id desc"
    _rec_name = "key_id"
    _audit_what = "write"
    _range_asked = frozenset({"key_id", "reason"})
    _range_first = "draft"
    _range_cron = "ctsp_crypto.ir_cron_rotate"

    key_id = fields.Selection(lambda self: self._selection_key(), "Key", required=True)
    reason = fields.Char(required=True)
    user_id = fields.Many2one(string="Started By")
    state = fields.Selection(
        [("draft", "Draft"), ("queued", "Queued"), ("running", "Running"), ("done", "Done"),
         ("failed", "Interrupted")], default="draft", required=True, readonly=True, index=True)
    job_state = fields.Selection(related="state", string="Work")  # what the progress bar in forms asks for
    version = fields.Integer("New Version", readonly=True, aggregator=None)
    row_count = fields.Integer("Rows Done Anew", readonly=True, aggregator=None)
    row_left = fields.Integer("Rows Left as They Are", readonly=True, aggregator=None,
                              help="Rows that do not agree with their evidence keep the old version.")

    @api.model
    def _selection_key(self):
        # superuser: the list of keys is no secret; the screen is the security administrator's
        purposes = self.env["ctsp.crypto.purpose"].sudo().search([])
        inside = purposes.filtered(lambda purpose: not purpose.locators)
        domains = dict.fromkeys(inside.mapped("domain"))
        return [
            *((f"data/{purpose.code}", purpose.name) for purpose in inside),
            *((f"domain/{name}", self.env._("Domain key: %(name)s", name=name)) for name in domains)]

    @api.depends("key_id", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._selection_key())
        for one in self:
            name = names.get(one.key_id, one.key_id)
            one.display_name = f"{name} #{one.version}" if one.version else name

    def action_start(self):
        """Make the new version and begin to do anew what lies under older ones."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This renewal has been started already."))
        # superuser: whose renewal it is does not matter
        if self.sudo().search_count([("key_id", "=", self.key_id), ("state", "in", (*OPEN, "failed"))], limit=1):
            raise UserError(self.env._("This key is being renewed already."))
        version = self.env["ctsp.crypto.key"]._rotate(self.key_id, self.reason)
        self.sudo().write({"user_id": self.env.uid, "version": version})  # superuser: the engine writes the course
        self._range_enqueue()

    def action_resume(self):
        """Go on with a renewal that was stopped or could not go on, where it stands."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "failed":
            raise UserError(self.env._("Only an interrupted renewal is taken up again."))
        self.sudo().write({"attempts": 0, "date_end": False})  # superuser: the engine writes the course
        self._range_enqueue()

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

    def _range_title(self):
        return self.env._("Renewal of the key %(key)s", key=self.key_id)

    def _range_size(self):
        return self._range_rows(self._targets())

    def _range_steps(self):
        yield from self._range_over(self._targets(), self._step)
        yield from self._once_more()
        self.write({"state": "done", "date_end": fields.Datetime.now()})
        self.env["ctsp.audit.port"]._log(
            "crypto.key", self, action="done anew", key=self.key_id, version=self.version, rows=self.row_count)
        yield 0

    def _once_more(self):
        """Do anew what transactions wrote that were under way when the new version was made, and what others held
        locked: until nothing more is found. What is left then is counted; it keeps its key.
        """
        for _pass in range(PASSES):
            before, left = self.row_count, self.row_left
            for model in self._targets():
                last = 0
                while last is not None:
                    count, last = self._step(model, last)
                    self.write({"row_count": self.row_count + count, "row_left": left})
                    yield count
            if self.row_count == before:
                break
        self.row_left = max(self.row_left, self._under_older())

    def _under_older(self):
        """Return how many rows still need an older version of the key, as far as somebody can tell."""
        keys = self.env["ctsp.crypto.key"]
        older = keys.search([
            ("key_id", "=", self.key_id), ("version", "<", self.version), ("state", "!=", "destroyed")])
        if not self._purpose() or self._purpose() == LOG_MAC:
            return 0
        counted = [keys._needed_of(self._purpose(), key.version) or () for key in older]
        return max((sum(count for _label, count in one) for one in counted), default=0)

    def _step(self, model, after):
        """Do the next range anew."""
        if self._purpose() == MAC:
            count, left, last = self.env["ctsp.integrity"]._rekey(model, after, RANGE)
        else:
            count, left, last = self.env[model]._crypto_rewrap(after, RANGE)
        self.row_left += left
        return count, last
