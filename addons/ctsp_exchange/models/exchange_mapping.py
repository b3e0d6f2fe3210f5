import json

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools import mapping, schema
from ..tools.errors import Final

FIXED = frozenset({"contract_id", "line_ids", "number", "canonical_schema"})


class ExchangeMapping(models.Model):
    """How a contract version's payload and the platform's own form of a message become each other, field by field.

    Received: what came → what the handler reads. Sent: what the handler writes → what goes. One is in use for a
    contract; it is fixed then, and changes are a new version of it.
    """

    _name = "ctsp.exchange.mapping"
    _description = "Field Mapping"
    _inherit = ["ctsp.exchange.steps.mixin", "ctsp.cached.mixin"]
    _order = "type_id, contract_id desc, number desc"
    _rec_name = "number"
    _audit_what = "write"
    _integrity_fields = {1: ("contract_id", "number", "state", "canonical_schema")}

    contract_id = fields.Many2one("ctsp.exchange.contract", "Contract Version", required=True, index=True,
                                  ondelete="cascade")
    type_id = fields.Many2one(related="contract_id.type_id", store=True, index=True)
    backend_id = fields.Many2one(related="contract_id.backend_id", store=True, index=True)
    direction = fields.Selection(related="type_id.direction")
    number = fields.Integer("Version", required=True, default=1, readonly=True, aggregator=None, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Use"), ("retired", "Retired")], required=True, default="draft", index=True,
        readonly=True, copy=False)
    canonical_schema = fields.Text(
        "Schema of the Result", help="JSON Schema that the result must meet. Empty for what is sent: the contract's.")
    note = fields.Char("What Changed")
    line_ids = fields.One2many("ctsp.exchange.mapping.line", "mapping_id", "Fields", copy=True)
    sample = fields.Text(help="A message to try the mapping with, as JSON.")
    test_result = fields.Text("Result", compute="_compute_test")
    test_errors = fields.Text("Problems", compute="_compute_test")
    test_good = fields.Boolean(compute="_compute_test")

    _number_unique = models.Constraint("UNIQUE(contract_id, number)", "This contract has such a mapping already.")
    _active_unique = models.UniqueIndex(
        "(contract_id) WHERE state = 'active'", "Another mapping of this contract is in use.")

    @api.depends("contract_id.type_id.name", "number")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.type_id.name} {one.contract_id.version} #{one.number}"

    @api.constrains("canonical_schema")
    def _check_schema(self):
        for one in self.filtered("canonical_schema"):
            try:
                schema.check(one.canonical_schema)
            except ValueError as wrong:
                raise ValidationError(self.env._("Schema of the Result: %(reason)s", reason=wrong)) from None

    @api.model_create_multi
    def create(self, vals_list):
        states = [vals.get("state", "draft") for vals in vals_list]
        vals_list = [vals | {"state": "draft"} for vals in vals_list]  # its lines are written while it is one
        for vals in vals_list:
            last = self.search([("contract_id", "=", vals.get("contract_id"))], order="number desc", limit=1)
            vals["number"] = max(last.number + 1, vals.get("number") or 1)
        mappings = super().create(vals_list)
        for one, state in zip(mappings, states, strict=True):
            if state != "draft":
                one.state = state
        return mappings

    def write(self, vals):
        if FIXED & vals.keys() and any(one.state != "draft" for one in self):
            raise UserError(self.env._("A mapping in use is fixed. Make a new version of it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        if any(one.state != "draft" for one in self):
            raise UserError(self.env._("Only drafts of mappings are deleted; retire one that was in use."))

    # ---- trying it out

    @api.onchange("contract_id")
    def _onchange_contract_id(self):
        if not self.sample:
            self.sample = self.contract_id.example

    @api.depends("sample", "canonical_schema", "contract_id.schema", "line_ids", *(
        f"line_ids.{name}" for name in ("sequence", "source", "target", "constant", "code_list_id", "converter",
                                        "default", "required")))
    def _compute_test(self):
        for one in self:
            result, wrong = one._tried()
            one.test_result = json.dumps(result, ensure_ascii=False, indent=2) if result is not None else False
            one.test_errors = "\n".join(f"{row['path']}　{row['message']}" for row in wrong)
            one.test_good = bool(result) and not wrong

    def _tried(self):
        """Return the mapped sample and what is wrong with it."""
        try:
            sample = json.loads(self.sample or "{}")
            lines = [line._spec() for line in self.line_ids.sorted("sequence") if line.target]
            for line in lines:
                mapping.check(line)
        except ValueError as wrong:
            return None, [{"path": "$", "message": str(wrong)}]
        if self.direction == "in" and (wrong := self.contract_id._errors(sample)):
            return None, [{"path": row["path"], "message": self.env._("Sample: %(message)s", message=row["message"])}
                          for row in wrong]
        result, wrong = mapping.apply(sample, lines)
        return result, wrong or self._wrong_result(result)

    def _wrong_result(self, result):
        text = self.canonical_schema or (self.contract_id.schema if self.direction == "out" else "")
        return schema.errors(text, result) if text else []

    # ---- its life

    def action_activate(self):
        """Take it into use; what was in use before is retired."""
        self.check_access("write")
        for one in self:
            for line in one.line_ids:
                line._check_paths()
            before = one.search([("contract_id", "=", one.contract_id.id), ("state", "=", "active")])
            before._step(("active",), "retired")
            one.flush_model()
            one._step(("draft", "retired"), "active")
        return True

    def action_retire(self):
        """Take it out of use: messages pass as they are."""
        self._step(("active",), "retired")
        return True

    def action_next_version(self):
        """Make a draft of the next version and open it."""
        self.ensure_one()
        self.check_access("write")
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.copy().id,
                "views": [(False, "form")]}

    # ---- use

    @api.model
    @tools.ormcache("kind", "version")
    def _lines(self, kind, version):
        """Return ``(lines, schema of the result)`` of the mapping in use, None where there is none."""
        one = self.sudo().search([  # sudo: messages are made by whoever makes the business step
            ("type_id", "=", kind), ("contract_id.version", "=", version), ("state", "=", "active")], limit=1)
        if not one:
            return None
        text = one.canonical_schema or (one.contract_id.schema if one.direction == "out" else "")
        return tuple(line._spec() for line in one.line_ids), text

    @api.model
    def _mapped(self, kind, version, data):
        """Return ``data`` of a message of type ``kind`` in the other side's form (sent) or ours (received).

        :raise Final: it cannot be mapped; the reason names the fields
        """
        if not (found := self._lines(kind.id, version)):
            return data
        lines, text = found
        result, wrong = mapping.apply(data, lines)
        wrong = wrong or (schema.errors(text, result) if text else [])
        if wrong:
            raise Final(self.env._("Field mapping: %(problems)s", problems="；".join(
                f"{one['path']} {one['message']}" for one in wrong[:10])))
        return result
