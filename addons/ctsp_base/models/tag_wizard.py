from odoo import api, fields, models
from odoo.exceptions import UserError


class TagWizard(models.TransientModel):
    """Puts tags on, or takes them off, the chosen records; shows the course of one record."""

    _name = "ctsp.tag.wizard"
    _description = "Tags"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(readonly=True)
    record_count = fields.Integer(string="Chosen Records", compute="_compute_record_count")
    add_ids = fields.Many2many(
        "ctsp.tag", "ctsp_tag_wizard_add_rel", domain="[('res_model', '=', res_model)]"
    )
    remove_ids = fields.Many2many(
        "ctsp.tag", "ctsp_tag_wizard_remove_rel", string="Take Off", domain="[('id', 'in', present_ids)]"
    )
    present_ids = fields.Many2many("ctsp.tag", string="Present Tags", compute="_compute_present")
    log_ids = fields.Many2many("ctsp.tag.log", string="Who Tagged When", compute="_compute_present")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        values["res_model"] = self.env.context.get("active_model")
        values["res_ids"] = self.env.context.get("active_ids") or []
        return values

    @api.depends("res_ids")
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = len(wizard.res_ids or [])

    @api.depends("res_model", "res_ids")
    def _compute_present(self):
        for wizard in self:
            records = wizard._records()
            wizard.present_ids = records.tag_ids
            wizard.log_ids = records.tag_log_ids if len(records) == 1 else False

    def _records(self):
        if self.res_model not in self.env["ctsp.tag"]._tagged_models():
            raise UserError(self.env._("These records cannot be tagged."))
        return self.env[self.res_model].browse(self.res_ids or []).exists()

    def action_apply(self):
        """Change the tags of all chosen records."""
        self.ensure_one()
        if not self.add_ids and not self.remove_ids:
            raise UserError(self.env._("Please choose a tag to add or to take off."))
        self._records()._change_tags(self.add_ids, self.remove_ids - self.add_ids)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
