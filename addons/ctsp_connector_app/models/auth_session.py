from odoo import api, fields, models

from odoo.addons.ctsp_auth.models.auth_session import METHOD as SESSION_METHOD

from .app_person import METHOD


class AuthSession(models.Model):
    """Sessions that a ticket of the APP opened."""

    _inherit = "ctsp.auth.session"

    reason = fields.Selection(selection_add=[("app", "Signed Out in the APP")])

    @api.model
    def _open(self, session, origin):
        """A session begins with its first request: whose access has ended meanwhile begins none."""
        if (session.get(SESSION_METHOD) or "").partition("+")[0] == METHOD:
            people = self.env["ctsp.app.person"].sudo()  # sudo: whether the visitor's own access goes on
            if not people.search([("user_id", "=", session.uid), ("state", "=", "active")])._holds():
                return False
        return super()._open(session, origin)

    @api.model
    def _method_labels(self):
        return super()._method_labels() | {METHOD: self.env._("Mobile APP")}
