from werkzeug.exceptions import NotFound

from odoo import http

from odoo.addons.auth_signup.controllers.main import AuthSignupHome


class Closed(AuthSignupHome):
    """Nobody registers himself and no password is reset by mail, whatever the settings and whatever token is brought:
    accounts and one-time passwords are given out by the system administrator.
    """

    @http.route()
    def web_auth_signup(self, *args, **kwargs):
        raise NotFound()

    @http.route()
    def web_auth_reset_password(self, *args, **kwargs):
        raise NotFound()
