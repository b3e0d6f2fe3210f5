import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import aside
from odoo.addons.ctsp_auth.tools.refusal import SignInRefused
from odoo.addons.ctsp_base.tools.separation import ADMINISTRATORS, GUARDED, check_security_admin, groups

WRITABLE = {"user_id", "note"}
METHOD = "app_ticket"
"""how a session says that it was opened with a ticket"""


class AppPerson(models.Model):
    """A person of the mobile supervision APP and the account that is his here.

    A row arises when somebody comes with a good ticket for the first time: with an account where a rule
    (``ctsp.app.rule``) says so, else waiting for the security administrator. What the APP says describes the person;
    which account is opened is decided here. Administrators' accounts are never opened by a ticket: it is one factor
    that another system vouches for (GB/T 22239-2019 8.1.4.1, 8.1.5).
    """

    _name = "ctsp.app.person"
    _description = "Person of the Mobile APP"
    _inherit = ["ctsp.auth.sealed.mixin"]
    _order = "date_last desc, id desc"
    _rec_names_search = ["name", "subject", "organisation_name"]
    _audit_what = "write"
    _sealed_fields = ("subject", "user_id", "state")
    _integrity_fields = {1: _sealed_fields}

    subject = fields.Char("Number in the APP", required=True, readonly=True)
    name = fields.Char("Full Name", required=True, readonly=True)
    organisation = fields.Char("Unit Code", readonly=True)
    organisation_name = fields.Char("Unit", readonly=True)
    posts = fields.Char(readonly=True)
    app_roles = fields.Char("Roles in the APP", readonly=True)
    state = fields.Selection(
        [("pending", "To Be Assigned"), ("active", "In Use"), ("ended", "Ended")], required=True, readonly=True,
        default="pending", index=True)
    user_id = fields.Many2one(
        "res.users", "Account", index="btree_not_null", ondelete="restrict",
        domain=[("share", "=", False)])
    by_rule = fields.Boolean("Opened by Rule", readonly=True)
    granted_role_ids = fields.Many2many(
        "ctsp.role", "ctsp_app_person_role_rel", "person_id", "role_id", "Roles by Rule", readonly=True)
    suggested_user_id = fields.Many2one("res.users", "Perhaps", compute="_compute_suggested_user_id")
    date_first = fields.Datetime("First Came", readonly=True, default=fields.Datetime.now)
    date_last = fields.Datetime("Last Came", readonly=True, index=True, default=fields.Datetime.now)
    note = fields.Char()

    _subject_unique = models.Constraint("UNIQUE(subject)", "This person of the APP is in the list already.")
    _user_unique = models.UniqueIndex("(user_id) WHERE state = 'active'")

    @api.depends("name", "subject", "state")
    def _compute_suggested_user_id(self):
        """An account of the same login or, if there is only one, of the same name."""
        users = self.env["res.users"].sudo()  # sudo: a hint for whoever assigns accounts
        for person in self:
            found = users.search([("login", "=", person.subject), ("share", "=", False)], limit=1)
            if not found:
                namesakes = users.search([("name", "=", person.name), ("share", "=", False)], limit=2)
                found = namesakes if len(namesakes) == 1 else users
            person.suggested_user_id = found if person.state == "pending" else users

    # ---- screen of the security administrator

    def write(self, vals):
        if not self.env.su:
            if unknown := vals.keys() - WRITABLE:
                raise AccessError(self.env._(
                    "Not to be changed by hand: %(fields)s", fields=", ".join(sorted(unknown))))
            if "user_id" in vals and any(person.state != "pending" for person in self):
                raise UserError(self.env._("Account: end the assignment first, then assign another account."))
        if "user_id" in vals:  # what rules granted was granted to the account of before
            vals = {"by_rule": False, "granted_role_ids": [fields.Command.clear()], **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Persons of the APP are ended, not deleted: what they did stays attributable."))

    def action_take_suggestion(self):
        check_security_admin(self.env)
        for person in self:
            person.user_id = person.suggested_user_id
        return True

    def action_bind(self):
        """Let the person sign in to the account that was chosen."""
        check_security_admin(self.env)
        for person in self:
            if person.state != "pending":
                raise UserError(self.env._("“%(name)s” is not waiting for an account.", name=person.name))
            person._check_account(person.user_id)
            person.sudo().write({"state": "active", "by_rule": False})  # sudo: state is not written by hand
            person._log("bound")
        return True

    def action_end(self):
        """Let the person sign in no longer; his sessions that came from the APP end."""
        check_security_admin(self.env)
        for person in self:
            person._end("admin")
        return True

    def action_reopen(self):
        """Have the person wait for an account again; one that a rule opened stays at hand for him."""
        check_security_admin(self.env)
        for person in self.filtered(lambda one: one.state == "ended"):
            account = {} if person.by_rule else {"user_id": False}
            person.sudo().write({"state": "pending", **account})  # sudo: as above
            person._log("reopened")
        return True

    def _check_account(self, user):
        user = user.sudo()  # sudo: facts about the account that is to be opened
        if not user or not user.active or user.share:
            raise ValidationError(self.env._("Account: choose an active account of a platform user."))
        if self._is_privileged(user):
            raise ValidationError(self.env._(
                "Account: “%(login)s” is an administrator's. Administrators sign in with their certificates.",
                login=user.login))
        others = self.sudo().search([("user_id", "=", user.id), ("state", "=", "active"), ("id", "!=", self.id)])
        if others:
            raise ValidationError(self.env._(
                "Account: “%(login)s” is assigned to %(name)s already.", login=user.login, name=others.name))

    @api.model
    def _is_privileged(self, user):
        return bool(user.sudo().all_group_ids & groups(self.env, (*GUARDED, *ADMINISTRATORS)))  # sudo: yes or no

    def _log(self, action):
        account = self.sudo().user_id.login  # sudo: the name of the account, for the log
        self.env["ctsp.audit.port"]._log("app.person", self, action=action, subject=self.subject, account=account or "")

    # ---- sign-in

    @api.model
    def _signing_in(self, said):
        """Return the person who holds a good ticket, with the account that is opened.

        :param said: :class:`~..tools.ticket.Said`
        :raise SignInRefused: no account, not yet or no longer, or one that no ticket opens
        """
        person = self.sudo().search([("subject", "=", said.subject)])  # sudo: nobody is signed in yet
        roles = self.env["ctsp.app.rule"]._roles_for(said)
        if not person and not roles:
            self._note_stranger(said)
            raise self._refused("app_pending", subject=said.subject)
        if not person or (person.state == "pending" and roles):
            person = person._opened_by_rule(said)
        if person.state != "active":
            raise self._refused(f"app_{person.state}", subject=said.subject)
        if not person._holds():
            raise self._refused("altered", subject=said.subject)
        if not person.user_id.active or self._is_privileged(person.user_id):
            raise self._refused("app_privileged", subject=said.subject, account=person.user_id.login)
        person._describe(said)
        if person.by_rule:
            person._follow(roles)
        return person

    def _opened_by_rule(self, said):
        """Return this person, a new one for an empty set, with an account of his own and no password: the one that a
        rule opened before, unless it is somebody else's now.
        """
        if self.by_rule and not self.search_count([("user_id", "=", self.user_id.id), ("state", "=", "active")]):
            self.state = "active"
            self._log("reopened")
            return self
        account = self.env["ctsp.account"].with_user(SUPERUSER_ID)
        login = said.subject if not self._is_taken(said.subject) else f"app:{said.subject}"
        try:
            with self.env.cr.savepoint():
                user = account.create([{"name": said.name, "login": login, "kind": "internal"}]).user_id
                person = self or self.sudo().create({"subject": said.subject, "name": said.name})
        except psycopg2.errors.UniqueViolation:  # came twice at once
            raise self._refused("busy", counted=False, subject=said.subject) from None
        person.write({"user_id": user.id, "state": "active", "by_rule": True})
        person._log("opened")
        return person

    @api.model
    def _is_taken(self, login):
        users = self.env["res.users"].sudo().with_context(active_test=False)  # sudo: yes or no
        return bool(users.search_count([("login", "=", login)], limit=1))

    @api.model
    def _note_stranger(self, said):
        """Keep who came, for the security administrator, though the sign-in is refused; who comes twice at once is
        kept once: the second waits at the gate, and looks with a cursor that was begun behind it.
        """
        with aside.cursor(self.env) as gate:
            gate.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"{self._name},{said.subject}"))
            with self.env.registry.cursor() as cr:
                persons = self.with_env(self.env(cr=cr, user=SUPERUSER_ID))
                if not persons.search_count([("subject", "=", said.subject)], limit=1):
                    persons.create({"subject": said.subject, "name": said.name})._describe(said)

    def _describe(self, said):
        """Write down what the APP says about the person today."""
        values = {
            "name": said.name, "organisation": said.organisation or False,
            "organisation_name": said.organisation_name or False, "posts": "、".join(said.posts) or False,
            "app_roles": "、".join(said.roles) or False}
        changed = {name: value for name, value in values.items() if self[name] != value}
        self.write({**changed, "date_last": fields.Datetime.now()})

    def _follow(self, roles):
        """Give the account the roles that the rules name, and take back those they no longer do."""
        granted = self.granted_role_ids
        commands = [
            *(fields.Command.link(role.id) for role in roles - granted),
            *(fields.Command.unlink(role.id) for role in granted - roles)]
        if commands:
            self.user_id.write({"group_ids": commands})
            self.granted_role_ids = roles
            self._log("roles")

    # ---- the end

    @api.model
    def _known(self, subject):
        return self.sudo().search([("subject", "=", subject)])  # sudo: the engine asks

    def _end(self, reason):
        for person in self.filtered(lambda one: one.state != "ended"):
            person._end_sessions(reason)
            person.sudo().write({"state": "ended"})  # sudo: state is not written by hand
            person._log("ended")

    def _end_sessions(self, reason):
        """End the sessions that tickets of this person opened; :return: how many."""
        user = self.sudo().user_id  # sudo: whose sessions they are
        condition = SQL("user_id = %s AND split_part(method, '+', 1) = %s", user.id or 0, METHOD)
        return self.env["ctsp.auth.session"].sudo()._finish(condition, reason)  # sudo: a consequence

    @api.model
    def _refused(self, reason, counted=False, **detail):
        words = {
            "app_pending": self.env._(
                "Your account of the APP has no account here yet. The security administrator has been told."),
            "app_ended": self.env._("Your access from the APP was ended. Please ask the security administrator."),
            "busy": self.env._("Sign-in did not succeed. Please go back to the APP and try again."),
        }
        text = words.get(reason) or self.env._("This account is not open to sign-in from the APP.")
        return SignInRefused(text, counted, method=METHOD, reason=reason, **detail)
