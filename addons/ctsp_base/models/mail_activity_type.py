from odoo import api, models

FOREIGN = ("email", "call", "meeting", "upload_document")


class MailActivityType(models.Model):
    """Kinds of tasks: each addon brings its own; of those that come with Odoo only the to-do stays."""

    _inherit = "mail.activity.type"

    @api.model
    def _archive_foreign(self):
        """Put away what would be empty columns 会议, 电话 … in the view of tasks. Called by every update."""
        for name in FOREIGN:
            if kind := self.env.ref(f"mail.mail_activity_data_{name}", raise_if_not_found=False):
                kind.active = False
