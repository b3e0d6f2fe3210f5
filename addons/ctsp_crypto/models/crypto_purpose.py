from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError

from ..tools import purpose_keys

FIXED = frozenset({"code", "algorithm", "domain"})


class CryptoPurpose(models.Model):
    """What a key is for: its algorithm, the domain whose key wraps it, and where it lies.

    An addon ships a row for each purpose of its own as data; the key is made with the row. A row is never deleted: what
    its key protected must stay readable.
    """

    _name = "ctsp.crypto.purpose"
    _description = "Purpose of a Key"
    _order = "domain, code"
    _audit_what = "write"

    code = fields.Char(required=True, index=True)
    name = fields.Char("Purpose", required=True, translate=True)
    algorithm = fields.Selection(
        [("SM4", "SM4"), ("HMAC-SM3", "HMAC-SM3"), ("SM2", "SM2")], required=True)
    domain = fields.Char("Key Domain", required=True)
    locators = fields.Char(
        "Key in the Device or Service",
        help="Empty: the key lies wrapped in the database. Otherwise one name for each version, oldest first, "
             "separated by commas, in the language of the configured provider: “-” for each version that lies in the "
             "database, “name@2” where the version has another number there.")
    may_queue = fields.Boolean(
        "May Be Signed Later",
        help="While the provider cannot be reached, records are saved and signed as soon as it answers again.")
    key_ids = fields.Many2many("ctsp.crypto.key", compute="_compute_key_ids", string="Keys")
    version = fields.Integer("Version in Use", compute="_compute_key_ids")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a purpose with this code already.")

    @api.depends("code")
    def _compute_key_ids(self):
        keys = self.env["ctsp.crypto.key"].search([("key_id", "in", [f"data/{purpose.code}" for purpose in self])])
        for purpose in self:
            own = keys.filtered(lambda key, key_id=f"data/{purpose.code}": key.key_id == key_id)
            purpose.key_ids = own
            active = own.filtered(lambda key: key.state == "active")
            purpose.version = len(purpose._locators()) or max(active.mapped("version"), default=0)

    def _locators(self):
        return purpose_keys.places(self.locators)

    @api.constrains("locators")
    def _check_locators(self):
        for purpose in self.filtered("locators"):
            here = len(purpose.key_ids)
            wrong = purpose_keys.problem(purpose._locators(), here)
            if wrong == "here":
                raise ValidationError(self.env._(
                    "Key in the Device or Service: “%(purpose)s” has %(count)s versions in the database; name each of "
                    "them first by “-”, so that what they protected stays verifiable.",
                    purpose=purpose.name, count=here))
            if wrong:
                raise ValidationError(self.env._(
                    "Key in the Device or Service: a name is followed by its version as in “name@2”."))

    @api.model_create_multi
    def create(self, vals_list):
        purposes = super().create(vals_list)
        for purpose in purposes.filtered(lambda purpose: not purpose.locators):
            self.env["ctsp.crypto.key"]._ensure(purpose.code, purpose.domain, purpose.algorithm)
        self.env.registry.clear_cache("stable")
        return purposes

    def write(self, vals):
        for purpose in self:
            if any(vals[name] != purpose[name] for name in FIXED & vals.keys()):
                raise ValidationError(self.env._("“%(purpose)s”: code, algorithm and domain of a purpose are fixed.",
                                                 purpose=purpose.name))
        if "locators" in vals:
            self._check_appended(purpose_keys.places(vals["locators"]))
        result = super().write(vals)
        for purpose in self.filtered(lambda purpose: not purpose.locators):
            self.env["ctsp.crypto.key"]._ensure(purpose.code, purpose.domain, purpose.algorithm)
        self.env.registry.clear_cache("stable")
        return result

    def _check_appended(self, locators):
        """Names are added at the end: what an earlier one protected is verified with it."""
        for purpose in self:
            before = purpose._locators()
            if locators[:len(before)] != before:
                raise ValidationError(self.env._(
                    "Key in the Device or Service: the names that are there stay; add the new one at the end."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A purpose stays: what its key protected must remain readable."))

    @api.model
    @tools.ormcache("code", cache="stable")
    def _facts(self, code):
        """Return ``(algorithm, locators, may_queue)`` of a purpose, None where there is none."""
        purpose = self.sudo().search([("code", "=", code)], limit=1)  # sudo: whoever works, the purpose is known
        return (purpose.algorithm, purpose._locators(), purpose.may_queue) if purpose else None
