from odoo import api, models


class MailActivity(models.Model):
    """A to-do that somebody else gives is told at once, on whatever screen its owner works.

    The bus says only which one it is, on the owner's own channel; his screen asks for it with his own rights
    (``static/src/activity/todo_news.js``). Odoo itself counts those that are due today, and says no word.
    """

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._tell_owners()
        return activities

    def write(self, vals):
        """As above, for who takes one over."""
        before = {activity: activity.user_id for activity in self} if vals.get("user_id") else {}
        result = super().write(vals)
        self.filtered(lambda activity: before.get(activity, activity.user_id) != activity.user_id)._tell_owners()
        return result

    def _tell_owners(self):
        for user, own in self.grouped("user_id").items():
            if user and user != self.env.user:
                user._bus_send("ctsp.todo", {"ids": own.ids})
