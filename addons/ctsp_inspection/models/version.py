from odoo import api, fields, models


class InspectionVersion(models.Model):
    """The content of an inspection as it was approved; stays readable after a correction. Append-only.

    ``content`` is what :meth:`ctsp.inspection._content` gave then, ``digest`` its SM3.
    """

    _name = "ctsp.inspection.version"
    _description = "Approved Version of an Inspection"
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.integrity.mixin"]
    _order = "inspection_id, version desc"
    _rec_name = "version"
    _integrity_fields = {1: ("inspection_id", "version", "digest", "approved_by", "approved_at", "superseded_reason")}

    version = fields.Integer(required=True, readonly=True, aggregator=None)
    content = fields.Json(readonly=True)
    content_html = fields.Html("Approved Content", compute="_compute_content_html", sanitize=False)
    digest = fields.Char("SM3 Digest", readonly=True)
    approved_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    approved_at = fields.Datetime(readonly=True)
    superseded_by = fields.Many2one("res.users", "Opened for Correction By", readonly=True, ondelete="restrict")
    superseded_at = fields.Datetime("Opened for Correction At", readonly=True)
    superseded_reason = fields.Char("Reason of the Correction", readonly=True)

    _version_unique = models.Constraint("unique (inspection_id, version)", "This version exists already.")

    @api.depends("version")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(inspection)s, version %(version)s", inspection=row.inspection_id.display_name, version=row.version)

    @api.depends("content")
    def _compute_content_html(self):
        for row in self:
            row.content_html = self.env["ir.qweb"]._render(
                "ctsp_inspection.version_content", {"content": row.content or {}, "labels": self._labels()})

    @api.model
    def _labels(self):
        """Return ``{field: {code: label}}`` for the template."""
        line, conclusion = self.env["ctsp.inspection.line"], self.env["ctsp.inspection.conclusion"]
        return {
            name: dict(model._fields[name]._description_selection(self.env))
            for model, name in ((line, "result"), (line, "grade"), (conclusion, "decided"))}

    def _close(self, reason):
        """Note who opened the approved content for correction, when and why. Called as superuser."""
        self.write({
            "superseded_by": self.env.uid, "superseded_at": fields.Datetime.now(), "superseded_reason": reason})
