import json
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import schema

FIXED = frozenset({"schema", "example", "version", "type_id"})


class ExchangeContract(models.Model):
    """A version of what a message type carries: a JSON Schema and an example that meets it.

    Several versions are published side by side. A published one is fixed; what changes is a new version.
    """

    _name = "ctsp.exchange.contract"
    _description = "Message Contract"
    _inherit = ["ctsp.exchange.steps.mixin"]
    _order = "type_id, version desc"
    _rec_name = "version"
    _audit_what = "write"
    _integrity_fields = {1: ("type_id", "version", "schema", "state")}

    type_id = fields.Many2one("ctsp.exchange.type", required=True, index=True, ondelete="cascade")
    backend_id = fields.Many2one(related="type_id.backend_id", store=True, index=True)
    version = fields.Char(required=True, default="v1")
    schema = fields.Text("JSON Schema", required=True, default="{}")
    example = fields.Text(required=True, default="{}")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")], required=True, default="draft",
        index=True, copy=False)
    note = fields.Text("What Changed", copy=False)

    _version_unique = models.Constraint("UNIQUE(type_id, version)", "This message type has such a version already.")

    @api.constrains("schema", "example", "version")
    def _check_example(self):
        for contract in self:
            try:
                schema.check(contract.schema)
            except ValueError as wrong:
                raise ValidationError(self.env._("JSON Schema: %(reason)s", reason=wrong)) from None
            wrong = contract._errors_of_example()
            if wrong:
                raise ValidationError(self.env._(
                    "Example: it does not meet the schema: %(path)s %(message)s", **wrong[0]))

    def _errors_of_example(self):
        try:
            return schema.errors(self.schema, json.loads(self.example))
        except ValueError as wrong:
            raise ValidationError(self.env._("Example: it is not JSON: %(reason)s", reason=wrong)) from None

    def write(self, vals):
        if FIXED & vals.keys() and any(contract.state != "draft" for contract in self):
            raise UserError(self.env._("A published contract is fixed: other systems rely on it. Make a new version."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        if any(contract.state != "draft" for contract in self):
            raise UserError(self.env._("Only drafts of contracts are deleted; retire a published one."))

    def action_publish(self):
        self._step(("draft",), "published")
        return True

    def action_retire(self):
        self._step(("published",), "retired")
        return True

    def action_next_version(self):
        """Make a draft of the next version, with everything of this one, and open it."""
        self.ensure_one()
        self.browse().check_access("create")
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.copy().id,
                "views": [(False, "form")]}

    def copy_data(self, default=None):
        default = default or {}
        return [values | ({} if "version" in default else {"version": contract._next_version()})
                for contract, values in zip(self, super().copy_data(default), strict=True)]

    def _next_version(self):
        """Return the version after this one that the type does not have yet: ``v2`` after ``v1``."""
        head, number = re.fullmatch(r"(.*?)(\d*)", self.version).groups()
        taken, number = set(self.type_id.contract_ids.mapped("version")), int(number or 1) + 1
        while f"{head}{number}" in taken:
            number += 1
        return f"{head}{number}"

    def _errors(self, data):
        """Return what of ``data`` does not meet the schema: ``[{"path", "message"}]``."""
        return schema.errors(self.schema, data)
