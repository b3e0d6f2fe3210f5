"""The same screens without HTTP, for what is counted or measured inside the process."""
import logging

from webclient import CONTEXT, Screens

from odoo.service.model import call_kw


class Inside(Screens):
    """A person's calls, made in an Odoo shell."""

    def __init__(self, env, login):
        super().__init__()
        user = env["res.users"].search([("login", "=", login)])
        self.env = env(user=user, context=CONTEXT)
        logging.getLogger("odoo.sql_db").setLevel(logging.WARNING)

    def call(self, model, method, *args, name=None, **kwargs):
        return call_kw(self.env[model], method, list(args), {**kwargs, "context": CONTEXT})

    def queries(self, function):
        """Return the number of queries ``function`` takes once caches that outlive a request are warm."""
        for _again in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
        return count
