from odoo import api, fields, models

KEEP_DAYS = 90


class AuditHostReport(models.Model):
    """One run of ``ctsp-crypto seal`` or ``verify`` on a host, as it reported it."""

    _name = "ctsp.audit.host.report"
    _description = "Report of a Host"
    _order = "finished_at desc, id desc"

    host_id = fields.Many2one("ctsp.audit.host", required=True, index=True, ondelete="cascade", readonly=True)
    action = fields.Selection([("seal", "Sealing"), ("verify", "Verification")], required=True, readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True)
    finished_at = fields.Datetime("Ended", required=True, readonly=True)
    seconds = fields.Float(digits=(12, 1), readonly=True, aggregator=None)
    passed = fields.Boolean(readonly=True)
    error_count = fields.Integer("Findings", readonly=True)
    warning_count = fields.Integer("Warnings", readonly=True)
    sequence = fields.Integer("Checkpoint", readonly=True, aggregator=None)
    digest = fields.Char("Digest of the Checkpoint", readonly=True)
    went_back = fields.Boolean("Set Back", readonly=True)
    sources = fields.Json("Sources as Reported", readonly=True)
    sources_html = fields.Html("Sources", compute="_compute_sources_html", sanitize=False)
    finding_ids = fields.One2many("ctsp.audit.host.finding", "report_id", "Details", readonly=True)

    _run_unique = models.Constraint(
        "UNIQUE(host_id, action, finished_at)", "This run of the host has been taken in already.")

    @api.depends("action", "finished_at")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for report in self:
            ended = fields.Datetime.context_timestamp(report, report.finished_at)
            report.display_name = f"{labels[report.action]} {ended:%Y-%m-%d %H:%M}"

    @api.depends("sources")
    def _compute_sources_html(self):
        for report in self:
            report.sources_html = self.env["ir.qweb"]._render(
                "ctsp_audit.host_sources", {"sources": report.sources}) if report.sources else False

    @api.model
    def _take_in(self, host, report):
        """Keep a report (:mod:`seal_report`) that is newer than the last; return it, empty where it is known.

        Each new checkpoint and each finding also goes into the log, which is sealed: nobody takes them back.
        """
        last = self.search([("host_id", "=", host.id), ("action", "=", report["action"])], limit=1)
        if last and report["finished_at"] <= last.finished_at:
            return self.browse()
        back = self.env["ctsp.audit.host.checkpoint"]._keep(host, report["sequence"], report["digest"])
        severities = [finding["severity"] for finding in report["findings"]]
        names = ("action", "started_at", "finished_at", "seconds", "passed", "sequence", "digest", "sources")
        made = self.create({
            **{name: report[name] for name in names}, "host_id": host.id, "went_back": back,
            "error_count": severities.count("error"), "warning_count": severities.count("warning"),
            "finding_ids": [fields.Command.create(finding) for finding in report["findings"]],
        })
        if back or not made.passed:
            self.env["ctsp.audit.port"]._log(
                "seal.finding", made, host=host.name, sequence=made.sequence, digest=made.digest,
                findings=made.error_count)
        return made

    @api.autovacuum
    def _gc_reports(self):
        """Forget uneventful runs after a while; findings and checkpoints stay."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = [("finished_at", "<", limit), ("passed", "=", True), ("went_back", "=", False)]
        used = self.env["ctsp.audit.host"].with_context(active_test=False).search([])
        (self.search(old, limit=10_000) - used.seal_id - used.verify_id).unlink()
