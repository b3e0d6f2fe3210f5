from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language


class AuthExpiry(models.AbstractModel):
    """What shuts people or systems out on its day is announced ``auth.certificate_warn_days`` before.

    Certificates of users and servers are announced where they are kept.
    """

    _name = "ctsp.auth.expiry"
    _description = "What Ends Soon"

    @api.model
    def _announce(self):
        """Leave each security administrator one to-do for each thing that ends soon; called once a day."""
        own = in_record_language(self.sudo())  # sudo: a watch of the platform
        keepers = own.env.ref("ctsp_base.group_security_admin").user_ids.filtered("active")
        for text in own._sentences(own.env["ctsp.auth.certificate"]._expiry_limit()):
            for keeper in keepers:
                own.env["ctsp.auth.site"]._tell(keeper, text)

    @api.model
    def _sentences(self, limit):
        """Return what ends before ``limit`` (naive UTC), a sentence each."""
        env, now, soon = self.env, fields.Datetime.now(), ("not_after", "<", limit)
        rows = [
            (env._("Certificate of the authority “%(name)s” ends on %(day)s"), one.name, one.not_after)
            for one in env["ctsp.auth.authority"].search([soon])]
        rows += [
            (env._("Revocation list of “%(name)s” ran out on %(day)s"), one.name, one.crl_until)
            for one in env["ctsp.auth.authority"].search([("crl_until", "<", now)])]
        rows += [
            (env._("Certificate of the gateway “%(name)s” ends on %(day)s"), one.name, one.not_after)
            for one in env["ctsp.auth.gateway"].search([soon])]
        rows += [
            (env._("System certificate “%(name)s” ends on %(day)s"), one.subject or one.purpose, one.date_end)
            for one in self._system_certificates() if one.date_end and one.date_end < limit]
        rows += [
            (env._("API key “%(name)s” ends on %(day)s"), f"{one.name} ({one.user_id.login})", one.expiration_date)
            for one in env["ctsp.auth.key"].search([("expiration_date", ">", now), ("expiration_date", "<", limit)])]
        return [text % {"name": name, "day": clock.local_date(end)} for text, name, end in rows]

    @api.model
    def _system_certificates(self):
        """Return the certificates that sign now: that of the newest key of each purpose."""
        newest = {}
        for one in self.env["ctsp.crypto.certificate"].search([], order="key_version, id"):
            newest[one.purpose] = one
        return newest.values()
