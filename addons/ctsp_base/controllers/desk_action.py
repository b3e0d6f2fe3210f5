from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.web.controllers.action import Action, MissingActionError
from odoo.addons.web.controllers.session import Session


class DeskAction(Action):
    """Actions: share users are served the screens of the desk and no others."""

    @http.route()
    def load(self, action_id, context=None):
        if request.env.user._is_internal():
            return super().load(action_id, context=context)
        return super().load(self._desk_action_id(action_id), context=context)

    def _desk_action_id(self, action_id):
        """Return the id behind an id, xml id or path when it is on the user's desk.

        :raise MissingActionError: it is not, whether it exists or not
        """
        entries = request.env["ctsp.desk"]._entries()
        for entry in entries:
            action = entry.action_id
            if action_id in (action.id, str(action.id), action.path, action.xml_id):
                return action.id
        raise MissingActionError(request.env._("This page is not part of your desk."))

    @http.route()
    def run(self, action_id, context=None):
        if not request.env.user._is_internal():
            raise AccessError(request.env._("This page is not part of your desk."))
        return super().run(action_id, context=context)


class DeskSession(Session):
    """Session facts that outside users have no use for."""

    @http.route()
    def modules(self):
        return super().modules() if request.env.user._is_internal() else []
