from odoo import api, fields, models


class Account(models.Model):
    """How well accounts are protected, for the administrators."""

    _inherit = "ctsp.account"

    has_code = fields.Boolean("One-time Codes", compute="_compute_protection")
    certificate_count = fields.Integer("Certificates", compute="_compute_protection")
    required_factor = fields.Char("Asked For", compute="_compute_protection")

    @api.depends("user_id")
    def _compute_protection(self):
        rows = self.env["ctsp.auth.certificate"].sudo()  # sudo: two facts about accounts that the reader sees
        counted = dict(rows._read_group(
            [("user_id", "in", self.ids), ("state", "=", "active")], ["user_id"], ["__count"]))
        labels = dict(self.env["ctsp.auth.rule"]._fields["factor"]._description_selection(self.env))
        for account in self:
            user = account.sudo().user_id
            account.has_code = user.totp_enabled
            account.certificate_count = counted.get(user, 0)
            account.required_factor = labels[user._required_factor()]

    def action_reset_code(self):
        self.ensure_one()
        return self.user_id.action_reset_code()

    def action_certificates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_auth.ctsp_auth_certificate_action")
        return {**action, "domain": [("user_id", "=", self.id)], "context": {"default_user_id": self.id}}
