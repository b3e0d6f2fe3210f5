import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import by_hand
from ..tools.quality import weighted


class DatasetSubmission(models.Model):
    """What an institution reported once: who, what, how much of it was good, and what became of it.

    Written by the platform alone. Accepted rows and the whole report lie in files (encrypted in the file store, as all
    files of the platform); the first findings are rows for the screen. Test submissions are kept apart by ``is_test``.
    """

    _name = "ctsp.dataset.submission"
    _description = "Submission"
    _inherit = ["ctsp.owned.mixin", "ctsp.job.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "request_id", "owner_partner_id.name"]
    _owner_path = "partner_id"
    _integrity_fields = {1: (
        "number", "partner_id", "credential_id", "address", "is_test", "request_id", "version_id", "kind",
        "received_at", "digest", "size", "rows", "accepted", "refused", "warnings", "score", "state")}
    _integrity_fields[2] = (*_integrity_fields[1], "channel", "person_id")
    _desk_hidden = ("user_id", "job_error", "credential_id", "address", "accepted_file", "report_file", "sent_file",
                    "link_ids", "portion_ids", "desk_file_id")

    number = fields.Char("Receipt No.", readonly=True, index=True)  # drawn last: others wait for it
    partner_id = fields.Many2one("res.partner", "Submitter", required=True, readonly=True, index=True,
                                 ondelete="restrict")
    credential_id = fields.Many2one("ctsp.exchange.credential", "Interface Key", readonly=True, index=True,
                                    ondelete="restrict", groups="ctsp_base.group_regulator")
    channel = fields.Selection(
        [("interface", "Open Interface"), ("desk", "Desk")], "Reported By", required=True, readonly=True,
        default="interface", index=True)
    person_id = fields.Many2one("res.users", "Person", readonly=True, index="btree_not_null", ondelete="restrict",
                                help="Who sent the file on the desk; what a program sent has a key in its place.")
    address = fields.Char("From Address", readonly=True, groups="ctsp_base.group_data_steward")
    is_test = fields.Boolean("Test", readonly=True, index=True)
    request_id = fields.Char("Request ID", required=True, readonly=True)
    version_id = fields.Many2one("ctsp.dataset.version", required=True, readonly=True, index=True, ondelete="restrict")
    dataset_id = fields.Many2one(related="version_id.dataset_id", store=True, index=True)
    kind = fields.Selection(
        [("json", "JSON"), ("ndjson", "NDJSON"), ("csv", "csv"), ("xlsx", "xlsx")], "Form", required=True,
        readonly=True)
    received_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    digest = fields.Char("SM3 of the Content", required=True, readonly=True)
    size = fields.Integer("Bytes", readonly=True, aggregator=None)
    rows = fields.Integer(readonly=True)
    accepted = fields.Integer("Rows Accepted", readonly=True)
    refused = fields.Integer("Rows Refused", readonly=True)
    warnings = fields.Integer(readonly=True)
    finding_total = fields.Integer("Findings", readonly=True)
    state = fields.Selection(
        [("accepted", "Accepted"), ("partial", "Partly Accepted"), ("refused", "Refused")], required=True,
        readonly=True, index=True)
    score = fields.Float(
        "Quality", digits=(5, 1), readonly=True, aggregator="avg", help="Good rows among all rows in per cent; one "
        "with a warning counts 0.8. Of several submissions: of the rows of all of them.")
    applied = fields.Selection(
        [("none", "Nothing to Update"), ("queued", "Waiting"), ("done", "Updated"), ("failed", "Failed")], "Registry",
        required=True, readonly=True, default="none", index=True)
    outcome = fields.Text("What Became of It", readonly=True)
    finding_ids = fields.One2many("ctsp.dataset.finding", "submission_id", "First Findings", readonly=True)
    link_ids = fields.One2many("ctsp.dataset.link", "submission_id", "Records", readonly=True)
    accepted_file = fields.Binary(attachment=True, readonly=True, groups=fields.NO_ACCESS)
    report_file = fields.Binary(attachment=True, readonly=True, groups=fields.NO_ACCESS)
    sent_file = fields.Binary(
        attachment=True, readonly=True, groups=fields.NO_ACCESS, help="What was sent with a test key, to replay it.")
    portion_ids = fields.One2many("ctsp.dataset.portion", "submission_id", readonly=True)

    _number_unique = models.Constraint("UNIQUE(number)", "This receipt number is taken.")
    _request_unique = models.UniqueIndex("(partner_id, is_test, request_id)", "This request was received already.")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_platform()
        return super().create(vals_list)

    def write(self, vals):
        self._check_platform()
        return super().write(vals)

    def unlink(self):
        self._check_platform()
        return super().unlink()

    def _read_group_select(self, aggregate_spec, query):
        select = super()._read_group_select(aggregate_spec, query)
        return weighted(self, query) if aggregate_spec == "score:avg" else select

    @api.model
    def _check_platform(self):
        if not self.env.su:
            raise AccessError(self.env._("Submissions are written by the platform alone."))

    def action_report(self):
        """Download the whole report."""
        self.ensure_one()
        self.check_access("read")
        self._check_kept()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/outside/submission/{self.id}", "target": "download"}

    def _check_kept(self):
        if self.swept_at:
            raise UserError(self.env._("This was a test; its files are kept for some time only and were deleted."))

    def action_replay(self):
        """Check once more what was sent with a test key, against the version in force, and open what came of it."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_test or self.channel == "desk":
            raise UserError(self.env._("Only what was sent with a test key can be checked again."))
        whole = self.sudo()  # written by the platform alone; reading was checked
        try:
            again, _same = whole._replay(f"replay-{uuid.uuid4().hex}", whole.credential_id)
        except Refused as refusal:
            raise UserError(refusal.message) from None
        return again._open()

    def _open(self):
        """Return the action that opens the receipt, on the desk with the desk's own form."""
        if self.env.user.share:
            return by_hand.screen(self.env, "ctsp_dataset.ctsp_dataset_submission_action_desk", self)
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "name": self.number,
                "views": [[False, "form"]]}

    def _receipt(self, findings=20):
        """Return the receipt as it goes into an answer."""
        self.ensure_one()
        return {
            "number": self.number, "dataset": self.dataset_id.code, "version": self.version_id.number,
            "requestId": self.request_id, "channel": self.channel, "state": self.state, "applied": self.applied,
            "test": self.is_test, "rows": self.rows, "acceptedRows": self.accepted, "refusedRows": self.refused,
            "warnings": self.warnings, "score": self.score, "digest": self.digest, "duplicate": False,
            "receivedAt": f"{self.received_at.isoformat()}Z", "outcome": self.outcome or "",
            "findings": [item._answer() for item in self.finding_ids[:findings]]}
