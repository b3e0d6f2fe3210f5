from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .export_job import AT_ONCE


class ExportWizard(models.TransientModel):
    """The export dialog: which rows, which columns, which file."""

    _name = "ctsp.export.wizard"
    _description = "Export"

    res_model = fields.Char(required=True)
    model_name = fields.Char("Data", compute="_compute_model_name")
    scope = fields.Selection(
        [("selected", "Selected records"), ("all", "All that match the current search")], required=True, default="all")
    record_ids = fields.Json()
    domain = fields.Json()
    active_test = fields.Boolean(default=True)
    selected_count = fields.Integer("Selected", compute="_compute_counts")
    all_count = fields.Integer("Found", compute="_compute_counts")
    profile_id = fields.Many2one(
        "ir.exports", domain="[('resource', '=', res_model)]",
        help="Without a profile, the columns of the list are exported.")
    file_format = fields.Selection(
        [("xlsx", "Excel (xlsx)"), ("csv", "CSV (UTF-8)")], "Format", required=True, default="xlsx")
    column_labels = fields.Text("Columns", compute="_compute_columns")
    refused_labels = fields.Text("Left Out", compute="_compute_columns")
    masked_labels = fields.Text("Masked", compute="_compute_columns")
    is_background = fields.Boolean(compute="_compute_counts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        model = context.get("active_model")
        if model not in dict(self.env["ctsp.export.job"]._selection_models()):
            raise UserError(self.env._("This data cannot be exported."))
        ids = context.get("active_ids") or []
        values.update(
            res_model=model, record_ids=ids, scope="selected" if ids else "all",
            domain=self.env[model]._export_domain(context.get("active_domain")),
            active_test=context.get("active_test", True), profile_id=self._default_profile(model).id)
        return values

    @api.model
    def _default_profile(self, model):
        profiles = self.env["ir.exports"].search([("resource", "=", model), ("is_default", "=", True)])
        own = profiles.filtered(lambda profile: profile.user_id == self.env.user)
        return (own or profiles)[:1]

    @api.depends("res_model")
    def _compute_model_name(self):
        names = dict(self.env["ctsp.export.job"]._selection_models())
        for wizard in self:
            wizard.model_name = names.get(wizard.res_model)

    @api.depends("res_model", "scope", "record_ids", "domain")
    def _compute_counts(self):
        for wizard in self:
            model = wizard._new_job()._target()
            wizard.selected_count = len(wizard.record_ids or [])
            wizard.all_count = model.search_count(Domain(wizard.domain or []))
            count = wizard.selected_count if wizard.scope == "selected" else wizard.all_count
            wizard.is_background = count > AT_ONCE

    @api.depends("res_model", "profile_id")
    def _compute_columns(self):
        for wizard in self:
            columns, refused = wizard._new_job()._columns()
            wizard.column_labels = "、".join(column.label for column in columns)
            wizard.refused_labels = "、".join(refused)
            wizard.masked_labels = "、".join(column.label for column in columns if column.masked)

    def _new_job(self):
        """Return the unsaved export this dialog describes."""
        return self.env["ctsp.export.job"].new(self._job_values())

    def _job_values(self):
        title = self.profile_id.sheet_title or self.model_name
        return {
            "name": title, "res_model": self.res_model, "profile_id": self.profile_id.id,
            "file_format": self.file_format, "active_test": self.active_test, "user_id": self.env.uid,
            "record_ids": list(self.record_ids or []) if self.scope == "selected" else None,
            "domain": list(self.domain or []) if self.scope == "all" else [],
        }

    def action_export(self):
        """Export: a small one is downloaded at once, a large one runs in the background."""
        self.ensure_one()
        self._new_job()._target().check_access("read")
        # users may not write exports themselves: what one holds must be what really left the house
        job = self.env["ctsp.export.job"].sudo().create(self._job_values()).sudo(False)
        if job._job_start(background=self.is_background):
            return job.action_download() | {"close": True}
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "type": "info", "title": self.env._("Export started"),
                "message": self.env._("You can go on working; the file is offered at the top right when it is ready."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
