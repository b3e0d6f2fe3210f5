from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

KEEPERS = "ctsp_base.group_system_admin,ctsp_base.group_data_steward,base.group_system"


class ExportProfile(models.Model):
    """Which columns an export has, in which order and under which headers."""

    _inherit = "ir.exports"
    _description = "Export Profile"
    _order = "resource, sequence, name, id"

    name = fields.Char("Profile Name", required=True)
    sequence = fields.Integer(default=10)
    resource = fields.Char("Technical Model Name", required=True)
    model_choice = fields.Selection(
        selection="_selection_models", string="Exported Data", compute="_compute_model_choice",
        inverse="_inverse_model_choice")
    sheet_title = fields.Char("Title", help="Title of the sheet and of the file; the name of the data when empty.")
    user_id = fields.Many2one("res.users", string="Owner", default=lambda self: self.env.user, index=True)
    is_shared = fields.Boolean("Shared", help="Everybody who may read the data can use it.")
    is_default = fields.Boolean("Default", help="Proposed first in the export dialog.")
    active = fields.Boolean(default=True)
    export_fields = fields.One2many(string="Columns")
    column_count = fields.Integer("Number of Columns", compute="_compute_column_count")

    @api.model
    def _selection_models(self):
        return self.env["ctsp.export.job"]._selection_models()

    @api.depends("resource")
    def _compute_model_choice(self):
        known = dict(self._selection_models())
        for profile in self:
            profile.model_choice = profile.resource if profile.resource in known else False

    @api.onchange("model_choice")
    def _inverse_model_choice(self):
        for profile in self:
            if profile.model_choice and profile.resource != profile.model_choice:
                profile.resource = profile.model_choice
                profile.export_fields = False

    @api.depends("export_fields")
    def _compute_column_count(self):
        for profile in self:
            profile.column_count = len(profile.export_fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_sharing(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_sharing(vals)
        return super().write(vals)

    @api.model
    def _refuse_sharing(self, vals):
        """Everybody uses shared profiles: administrators alone make them. A record rule does not see new values."""
        if (vals.get("is_shared") or vals.get("user_id", self.env.uid) != self.env.uid) \
                and not self.env.su and not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only administrators and data stewards share export profiles."))

    @api.constrains("is_default", "resource", "is_shared", "user_id")
    def _check_single_default(self):
        for profile in self.filtered("is_default"):
            others = self.search([
                ("resource", "=", profile.resource), ("is_default", "=", True), ("id", "!=", profile.id),
                ("is_shared", "=", profile.is_shared), ("user_id", "=", profile.user_id.id),
            ])
            if others:
                raise ValidationError(self.env._(
                    "“%(other)s” is already the default profile of this data; clear its mark first.",
                    other=others[0].name))

    def action_add_default_columns(self):
        """Add the columns of the model's list that the profile does not have yet."""
        self.check_access("write")
        for profile in self.filtered("model_choice"):
            known = set(profile.export_fields.mapped("name"))
            last = max(profile.export_fields.mapped("sequence"), default=0)
            paths = [path for path in self.env[profile.resource]._export_default_paths() if path not in known]
            profile.export_fields = [
                fields.Command.create({"name": path, "sequence": last + 10 * (index + 1)})
                for index, path in enumerate(paths)
            ]
