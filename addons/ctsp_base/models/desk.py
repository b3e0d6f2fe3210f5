from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import clock


class Desk(models.AbstractModel):
    """What the outside desk shows to the user who looks at it. Addons extend ``_cards`` and ``_deadlines``."""

    _name = "ctsp.desk"
    _description = "Outside Desk"

    @api.model
    def _entries(self):
        """Return the desk entries open to the user, in superuser mode: share users may not read actions."""
        groups = self.env.user._get_group_ids()
        # sudo: the entries are set-up, filtered right here by group and by the user's right on the model
        entries = self.env["ctsp.desk.entry"].sudo().search([])
        return entries.filtered(
            lambda entry: (not entry.group_ids or set(entry.group_ids.ids) & set(groups))
            and entry.action_id.res_model in self.env
            and self.env[entry.action_id.res_model].has_access("read")
        )

    @api.model
    def _action_ids(self):
        """Return the ids of the actions that may be served to the user."""
        return set(self._entries().action_id.ids)

    @api.model
    def _navigation(self):
        """Return the menu as plain data."""
        return [
            {
                "id": entry.id,
                "name": entry.name,
                "icon": entry.icon or "fa-file-text-o",
                "action_id": entry.action_id.id,
                "path": entry.action_id.path or False,
                "in_menu": entry.in_menu,
                "new_label": (self.env[entry.action_id.res_model].has_access("create") and entry.new_label) or False,
            }
            for entry in self._entries()
        ]

    @api.model
    def _check_rpc(self, model):
        """Refuse remote calls of share users on models they have no right on: public methods there are not for them.

        :raise AccessError: nothing of that model is open to the user
        """
        user = self.env.user
        if not user._is_portal():
            return
        access = self.env["ir.model.access"]
        modes = ("read", "write", "create", "unlink")
        if model not in self.env or not any(access.check(model, mode, raise_exception=False) for mode in modes):
            raise AccessError(self.env._("This page is not part of your desk."))

    # ---- first page -----------------------------------------------------------------------------------------------

    @api.model
    def _cards(self):
        """Return the cards of the first page: a list of :meth:`_card`. Addons extend it."""
        return []

    @api.model
    def _card(self, action, title, domain, *, tone="info", icon=None, context=None):
        """Return a card that counts the user's records and opens them.

        :param action: xml id of an action that belongs to a desk entry
        :param domain: which records of the action's model count; record rules apply
        :param tone: ``info``, ``success``, ``warning`` or ``danger``
        :param context: for the screen that opens, e.g. ``{"search_default_returned": 1}``
        """
        window = self.env.ref(action).sudo()  # set-up, not business data
        model = self.env[window.res_model]
        return {
            "key": f"{action}:{title}",
            "title": title,
            "count": model.search_count(domain) if model.has_access("read") else 0,
            "tone": tone,
            "icon": icon,
            "action_id": window.id,
            "context": context or {},
        }

    @api.model
    def _deadlines(self):
        """Return what is due: a list of :meth:`_deadline`. Addons extend it; shown soonest first."""
        return []

    @api.model
    def _deadline(self, action, record, date, text, *, warning=False):
        """Return one line of the list of due dates, which opens ``record`` in the form of ``action``.

        :param warning: sentence of ``ctsp.workday._warning`` where the date is counted in working days
        """
        today = clock.today()
        return {
            "key": f"{record._name},{record.id}",
            "text": text,
            "date": fields.Date.to_string(date),
            "days": (date - today).days,
            "warning": warning or False,
            "action_id": self.env.ref(action).id,
            "res_id": record.id,
        }

    @api.model
    def _home(self):
        """Return the first page as plain data."""
        return {
            "notices": self.env["ctsp.desk.notice"]._unread(),
            "cards": self._cards(),
            "deadlines": sorted(self._deadlines(), key=lambda line: line["date"]),
            "new": [entry for entry in self._navigation() if entry["new_label"]],
        }

    # ---- page -----------------------------------------------------------------------------------------------------

    @api.model
    def _session_info(self):
        """Return what the web client needs to start: Odoo's own session facts plus the desk's."""
        info = self.env["ir.http"].session_info()
        user = self.env.user
        company = user.company_id.sudo()  # name and id only; the client cannot start without a company
        info.update(
            user_companies={
                "current_company": company.id,
                "allowed_companies": {company.id: {
                    "id": company.id, "name": company.name, "sequence": 0, "child_ids": [], "parent_id": False,
                    "currency_id": company.currency_id.id,
                }},
                "disallowed_ancestor_companies": {},
            },
            show_effect=False,
            desk={
                "title": self.env._("Clinical Trial Supervision Platform"),
                "organisation": user.sudo().partner_id.commercial_partner_id.name,  # his own organisation
                "user": user.name,
                "entries": self._navigation(),
            },
        )
        return info
