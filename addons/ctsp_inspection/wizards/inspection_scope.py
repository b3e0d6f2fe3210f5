from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.ctsp_base.tools.language import in_record_language


class InspectionScope(models.TransientModel):
    """Dialog: change what is inspected after recording began. Says first what comes and goes; nothing recorded goes."""

    _name = "ctsp.inspection.scope"
    _description = "Change What Is Inspected"

    inspection_id = fields.Many2one("ctsp.inspection", required=True, readonly=True, ondelete="cascade")
    institution_id = fields.Many2one(related="inspection_id.institution_id", related_sudo=False)
    specialty_ids = fields.Many2many(
        "ctsp.specialty", "ctsp_inspection_scope_specialty_rel", "scope_id", "specialty_id", "Specialties",
        compute="_compute_present", store=True, readonly=False, precompute=True,
        domain="[('institution_id', '=', institution_id)]")
    trial_ids = fields.Many2many(
        "ctsp.trial", "ctsp_inspection_scope_trial_rel", "scope_id", "trial_id", "Trials",
        compute="_compute_present", store=True, readonly=False, precompute=True,
        domain="[('site_ids.institution_id', '=', institution_id)]")
    checklist_id = fields.Many2one(
        "ctsp.checklist", "Check List", compute="_compute_present", store=True, readonly=False, precompute=True,
        domain="[('library_id', '=', library_id)]", help="Of the same clauses: what was recorded stays comparable.")
    library_id = fields.Many2one(related="inspection_id.library_id", related_sudo=False)
    reason = fields.Char(help="Why it changes; kept in the record of the inspection.")
    preview = fields.Text("What Happens", compute="_compute_preview")

    @api.model_create_multi
    def create(self, vals_list):
        scopes = super().create(vals_list)
        scopes._check_allowed()
        return scopes

    def write(self, vals):
        result = super().write(vals)
        self._check_allowed()
        return result

    def _check_allowed(self):
        """Raise unless the user may change what is inspected: the dialog shows what the inspection says.

        Stored fields are computed as superuser, so the right is asked for as the user himself.
        """
        for inspection in self.inspection_id:
            inspection.sudo(False)._check_may_change_scope()

    @api.depends("inspection_id")
    def _compute_present(self):
        self._check_allowed()
        for scope in self:
            for name in ("specialty_ids", "trial_ids", "checklist_id"):
                scope[name] = scope.inspection_id[name]

    @api.depends("specialty_ids", "trial_ids", "checklist_id")
    def _compute_preview(self):
        self._check_allowed()
        for scope in self:
            added, gone, kept = scope.inspection_id._scope_difference(
                scope.specialty_ids._origin, scope.trial_ids._origin, scope.checklist_id)
            sentences = [
                added and self.env._("%s clauses are added.", added),
                gone and self.env._("%s clauses on which nothing was recorded are taken away.", gone),
                kept and self.env._("%s clauses stay because something was recorded on them.", kept)]
            scope.preview = "\n".join(filter(None, sentences)) or self.env._("The clauses stay as they are.")

    def action_apply(self):
        """Change it (button). Superuser: team leaders do not write what planners set, but may extend it on site."""
        self.ensure_one()
        inspection = self.inspection_id
        inspection._check_may_change_scope()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Reason: say why what is inspected changes."))
        spoken = in_record_language(self)
        preview = spoken.preview.replace("\n", " ")  # as it was told: afterwards nothing differs any more
        whole = inspection.sudo()
        whole.write({
            "specialty_ids": [Command.set(self.specialty_ids.ids)], "trial_ids": [Command.set(self.trial_ids.ids)],
            "checklist_id": self.checklist_id.id})
        whole._lines_make()
        whole.message_post(author_id=self.env.user.partner_id.id, body=spoken.env._(
            "What is inspected was changed. %(preview)s Reason: %(reason)s",
            preview=preview, reason=self.reason))
        return {"type": "ir.actions.act_window_close"}
