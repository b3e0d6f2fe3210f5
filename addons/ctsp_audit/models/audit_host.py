import logging
import os
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import seal_report

_logger = logging.getLogger(__name__)
FOLDER = "/run/ctsp-seal"


class AuditHost(models.Model):
    """A server or virtual machine whose logs and access-control files ``ctsp-crypto`` seals: what it last reported.

    The platform keeps the number and digest of every checkpoint it was told of, so that a machine that was set back
    as a whole is found. docs/sealing.md.
    """

    _name = "ctsp.audit.host"
    _description = "Sealed Host"
    _order = "state_rank, name"
    _integrity_fields = {1: ("name", "active")}

    name = fields.Char("Host", required=True, readonly=True)
    active = fields.Boolean(default=True, help="Archive a host that has been taken out of service.")
    state = fields.Selection(
        [("back", "Set Back"), ("finding", "Something Found"), ("silent", "Silent"), ("ok", "In Order")], default="ok",
        required=True, readonly=True, index=True)
    state_rank = fields.Integer(compute="_compute_state_rank", store=True, index=True)
    last_seal_at = fields.Datetime("Last Sealed", readonly=True)
    last_verify_at = fields.Datetime("Last Verified", readonly=True)
    sequence = fields.Integer("Newest Checkpoint", readonly=True, aggregator=None)
    seal_id = fields.Many2one("ctsp.audit.host.report", "Last Sealing", readonly=True)
    verify_id = fields.Many2one("ctsp.audit.host.report", "Last Verification", readonly=True)
    finding_ids = fields.Many2many("ctsp.audit.host.finding", compute="_compute_finding_ids", string="Present Findings")
    report_ids = fields.One2many("ctsp.audit.host.report", "host_id", readonly=True)
    checkpoint_ids = fields.One2many("ctsp.audit.host.checkpoint", "host_id", readonly=True)
    sources_html = fields.Html("Sources", related="seal_id.sources_html")

    _name_unique = models.Constraint("UNIQUE(name)", "There is a host of this name already.")

    @api.depends("state")
    def _compute_state_rank(self):
        order = [code for code, _label in self._fields["state"].selection]
        for host in self:
            host.state_rank = order.index(host.state)

    @api.depends("seal_id.finding_ids", "verify_id.finding_ids")
    def _compute_finding_ids(self):
        for host in self:
            host.finding_ids = host.seal_id.finding_ids | host.verify_id.finding_ids

    def action_take_in(self):
        """Read the reports that have come since; the audit administrator's button."""
        if not self.env.user.has_group("ctsp_base.group_audit_admin"):
            raise UserError(self.env._("Only the audit administrator reads the reports of hosts."))
        self.sudo()._cron_take_in()  # superuser: reports are written by the platform

    # ---- taking in

    @api.model
    def _folder(self):
        """Return where reports lie: ``CTSP_SEAL_REPORTS``; those of other hosts in folders below."""
        return Path(os.environ.get("CTSP_SEAL_REPORTS") or FOLDER)

    @api.model
    def _cron_take_in(self):
        """Take in what has come since the last time, then see who has fallen silent."""
        hosts = in_record_language(self)
        folder = self._folder()
        for path in sorted([*folder.glob("*.json"), *folder.glob("*/*.json")]):
            hosts._take_in(path)
        hosts._watch_silence()

    @api.model
    def _take_in(self, path):
        try:
            report = seal_report.read(path)
        except (OSError, ValueError) as error:
            self._raise_alert("host_report", path.name, 1, self.env._(
                "The report %(file)s cannot be read: %(reason)s", file=path.name, reason=error))
            return
        host = self.with_context(active_test=False).search([("name", "=", report["host"])])
        host = host or self.create({"name": report["host"]})
        taken = self.env["ctsp.audit.host.report"]._take_in(host, report)
        if taken:
            host._note(taken)

    def _note(self, report):
        """Write down what a new report says of the host and raise what must be looked at."""
        self.write({f"{report.action}_id": report.id, f"last_{report.action}_at": report.finished_at, "active": True})
        if report.went_back:
            self.state = "back"
            self._raise_alert("host_back", self.name, report.sequence, self.env._(
                "%(host)s was set back: it reports checkpoint %(sequence)s, but %(newest)s was seen before.",
                host=self.name, sequence=report.sequence, newest=self.sequence))
            return
        self.sequence = max(self.sequence, report.sequence)
        if not (self.seal_id.error_count + self.verify_id.error_count):
            self.state = "ok"
            return
        self.state = "finding"
        if report.error_count:
            self._raise_alert("host_finding", self.name, report.error_count, self.env._(
                "%(host)s: %(first)s (%(count)s findings)", host=self.name, count=report.error_count,
                first=report.finding_ids.filtered(lambda one: one.severity == "error")[:1].message))

    @api.model
    def _watch_silence(self):
        minutes = self.env["ctsp.parameter"]._get("audit.host_silent_minutes")
        limit = fields.Datetime.subtract(fields.Datetime.now(), minutes=minutes)
        for host in self.search([("state", "not in", ("silent", "back"))]):
            seen = max(filter(None, (host.last_seal_at, host.last_verify_at)), default=host.create_date)
            if seen < limit:
                host.state = "silent"
                host._raise_alert("host_silent", host.name, 1, self.env._(
                    "%(host)s has not reported for more than %(minutes)s minutes.", host=host.name, minutes=minutes))

    def _raise_alert(self, kind, who, count, text):
        self.env["ctsp.audit.alert"]._raise(kind, who, count, text, **({"host_id": self.id} if self else {}))
