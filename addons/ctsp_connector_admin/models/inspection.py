from odoo import fields, models


class Inspection(models.Model):
    """Whether the inspection system knows the result of an inspection, in words, where its people read."""

    _inherit = "ctsp.inspection"

    admin_message_ids = fields.One2many(
        "ctsp.admin.message", "inspection_id", "Messages to the Inspection System", readonly=True,
        groups="ctsp_base.group_regulator")
    admin_told = fields.Char(
        "Result to the Inspection System", compute="_compute_admin_told", groups="ctsp_base.group_regulator")

    def _compute_admin_told(self):
        for inspection in self:
            last = inspection.admin_message_ids.sorted("id")[-1:]  # a report that becomes final later is told anew
            inspection.admin_told = last and inspection._told_text(last)

    def _told_text(self, message):
        if message.state == "done":
            when = fields.Datetime.context_timestamp(self, message.done_at).strftime("%Y-%m-%d %H:%M:%S")
            return self.env._("Delivered on %s", when)
        if message.state in ("queued", "working"):
            return self.env._("On its way")
        if message.state == "failed_there":
            return self.env._("Delivered, but it could not be applied there: %s", message.reason or "–")
        return self.env._("Not delivered; the data steward sees why in the list of messages")
