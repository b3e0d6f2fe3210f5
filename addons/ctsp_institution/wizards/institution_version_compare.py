from odoo import api, fields, models
from odoo.exceptions import UserError


class InstitutionVersionCompare(models.TransientModel):
    """Puts any two versions of an institution side by side."""

    _name = "ctsp.institution.version.compare"
    _description = "Compare Versions"

    institution_id = fields.Many2one("ctsp.institution", required=True, readonly=True)
    left_id = fields.Many2one(
        "ctsp.institution.version", "Earlier Version", required=True,
        domain="[('institution_id', '=', institution_id)]")
    right_id = fields.Many2one(
        "ctsp.institution.version", "Later Version", required=True,
        domain="[('institution_id', '=', institution_id)]")
    only_changes = fields.Boolean(default=True)
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        versions = self._chosen(values)
        if versions:
            values.update(
                institution_id=versions.institution_id.id, left_id=versions[-1].id, right_id=versions[0].id)
        return values

    @api.model
    def _chosen(self, values):
        """Return the two versions to begin with, the later first: those ticked in a list, else the latest two."""
        version = self.env["ctsp.institution.version"]
        if self.env.context.get("active_model") == version._name:
            versions = version.browse(self.env.context.get("active_ids", [])).sorted("number", reverse=True)
            if len(versions.institution_id) > 1:
                raise UserError(self.env._("Choose versions of one institution."))
            if len(versions) == 1:
                versions = (versions | versions._previous()).sorted("number", reverse=True)
        else:
            institution = self.env.context.get("default_institution_id") or values.get("institution_id")
            versions = version.search([("institution_id", "=", institution)], limit=2)
        if len(versions) == 0:
            raise UserError(self.env._("This institution has no version yet."))
        return versions

    @api.depends("left_id", "right_id", "only_changes")
    @api.depends_context("lang", "uid")
    def _compute_result(self):
        for wizard in self:
            left, right = wizard.left_id, wizard.right_id
            wizard.result = left._render(left, right, wizard.only_changes) if left and right else False

    @api.constrains("left_id", "right_id")
    def _check_institution(self):
        for wizard in self:
            if (wizard.left_id | wizard.right_id).institution_id != wizard.institution_id:
                raise UserError(self.env._("Both versions must belong to the same institution."))

    def action_swap(self):
        """Exchange the two sides and show the dialog again."""
        self.ensure_one()
        self.left_id, self.right_id = self.right_id, self.left_id
        own = "ctsp_institution.ctsp_institution_version_compare_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(own)
        return {**action, "res_id": self.id}
