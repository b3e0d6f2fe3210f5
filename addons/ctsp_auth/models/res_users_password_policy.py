from datetime import timedelta

from odoo import fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import password_rules


class ResUsers(models.Model):
    """Passwords of one's own: rules, history, age. GB/T 22239-2019 8.1.4.1 a (complexity, regular change)."""

    _inherit = "res.users"

    password_date = fields.Datetime(
        "Password Since", readonly=True, copy=False, groups="base.group_system,ctsp_base.group_security_admin")

    # ---- rules

    def _check_new_password(self, password):
        """Refuse also what is too simple, well known, made of the user's names, or was used not long ago."""
        super()._check_new_password(password)
        parameter, user = self.env["ctsp.parameter"], self.sudo()  # sudo: the names of the user himself
        length, classes = parameter._get("auth.password_length"), parameter._get("auth.password_classes")
        names = [user.login, user.login.split("@")[0], user.name, *(user.name or "").split()]
        found = password_rules.problems(
            password, length=length, classes=classes, names=filter(None, names),
            words=parameter._get("auth.password_words"))
        messages = {
            "length": self.env._("New password: at least %s characters.", length),
            "classes": self.env._(
                "New password: at least %s of these kinds: small letters, capital letters, digits, other characters.",
                classes),
            "name": self.env._("New password: it must not contain the account or your name."),
            "word": self.env._("New password: it is a well-known one or nearly so."),
            "run": self.env._("New password: no rows of keys, letters or digits such as 12345 or qwert."),
        }
        if found:
            raise UserError("\n".join(messages[code] for code in found))
        if self.env["ctsp.auth.password"]._was_used(self, password):
            raise UserError(self.env._("New password: you have used it before. Please choose another one."))

    def _note_password(self, password):
        """Remember that the password was set now, and its verifier for the history."""
        self.ensure_one()
        self.env.cr.execute(SQL(
            "UPDATE res_users SET password_date = now() AT TIME ZONE 'UTC' WHERE id = %s", self.id))
        self.invalidate_recordset(["password_date"])
        if password:
            self.env["ctsp.auth.password"]._remember(self)
        # superuser: whoever changed the password, sessions that were opened with the old one end
        self.env["ctsp.auth.session"].sudo()._end_of(self, "credential", but_here=True)
        self.env.registry.clear_cache()  # _password_ends

    def _start_password_age(self):
        self.env.cr.execute(SQL(
            "UPDATE res_users SET password_date = now() AT TIME ZONE 'UTC' WHERE password_date IS NULL"))
        self.invalidate_model(["password_date"])

    # ---- age

    def _owes_password(self):
        return super()._owes_password() or self._is_password_old()

    def _is_password_old(self):
        """Say whether the password has to be changed now. Machines are not asked: their keys end by themselves."""
        ends = self._password_ends(self.env["ctsp.parameter"]._get("auth.password_days"))
        return bool(ends) and fields.Datetime.now() >= ends

    @tools.ormcache("self.id", "days")
    def _password_ends(self, days):
        user = self.sudo()  # sudo: asked with each request, for every user
        if not days or not user.password_date or user.has_group("ctsp_base.group_interface"):
            return False
        return user.password_date + timedelta(days=days)
