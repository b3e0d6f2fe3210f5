import ast
import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools.model_names import named

from ..tools.registry import Finding, merge_parameters, registered

LEVELS = [("blocking", "Blocking"), ("warning", "Warning"), ("off", "Off")]


class Check(models.Model):
    """A check that runs on records of one model and leaves results on them.

    ``code`` checks are methods registered with ``tools.registry.check`` on the target model; the row sets level and
    parameters. ``domain`` checks need no code: a record that matches the domain fails.
    """

    _name = "ctsp.check"
    _description = "Check"
    _order = "target, sequence, code"
    _integrity_fields = {1: ("code", "kind", "target", "level", "active", "domain", "field_name", "parameters")}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Dotted name; for a registered check the name given in the program.")
    kind = fields.Selection([("code", "Registered"), ("domain", "Condition")], required=True, default="domain")
    target = fields.Selection("_selection_target", string="Applies to", required=True, index=True)
    target_model = fields.Char(compute="_compute_target_model")
    sequence = fields.Integer(default=10)
    level = fields.Selection(
        LEVELS, required=True, default="warning",
        help="Blocking: the record cannot go on. Warning: shown only. Off: not run.")
    active = fields.Boolean(default=True)
    basis_document = fields.Char(string="Basis: Document", translate=True)
    basis_article = fields.Char(string="Basis: Article", translate=True)
    description = fields.Text(translate=True)
    domain = fields.Char(string="Fails when", default="[]")
    field_name = fields.Char(string="Field to Mend", help="The field a failed record's result leads to.")
    message = fields.Char(translate=True, help="Shown to the user when the condition matches.")
    parameters = fields.Text(
        help='JSON object, e.g. {"minimum": 3}. A value {"parameter": "code"} is taken from the dated parameters.')
    parameter_defaults = fields.Char(string="Default Parameters", compute="_compute_parameter_defaults")

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken by another check.")

    @api.model
    def _selection_target(self):
        return named(self.env, self._target_models())

    @api.model
    def _target_models(self):
        """Names of the models that carry check results."""
        return sorted(
            name for name, cls in self.env.registry.items()
            if cls._auto and not cls._abstract and "check_result_ids" in cls._fields
        )

    @api.depends("target")
    def _compute_target_model(self):
        for check in self:
            check.target_model = check.target or False

    @api.depends("kind", "target", "code")
    def _compute_parameter_defaults(self):
        for check in self:
            declared = check._registered()
            check.parameter_defaults = json.dumps(declared[1], ensure_ascii=False) if declared else False

    def _registered(self):
        """``(method name, defaults)`` of a registered check, None for others and for unknown codes."""
        if self.kind != "code" or self.target not in self.env:
            return None
        return registered(type(self.env[self.target])).get(self.code)

    # ------------------------------------------------------------------
    # Validation on saving
    # ------------------------------------------------------------------
    @api.constrains("kind", "target", "domain", "field_name")
    def _check_domain_valid(self):
        for check in self.filtered(lambda c: c.kind == "domain"):
            check._validate_domain(check.target, check.domain)
            if check.field_name and check.field_name not in self.env[check.target]._fields:
                raise ValidationError(self.env._(
                    "Field to Mend: %(model)s has no field “%(field)s”.",
                    model=check.target, field=check.field_name))

    @api.constrains("kind", "target", "code", "parameters")
    def _check_parameters_valid(self):
        for check in self.filtered(lambda c: c.kind == "code"):
            check._parameters()

    @api.model
    def _validate_domain(self, model, text):
        """Parse ``text`` as a domain of ``model``: literals only (dates may be relative, as in "today -60d").

        :return: Domain
        :raise ValidationError: it cannot be read, matches everything, or names unknown fields
        """
        if model not in self.env:
            raise ValidationError(self.env._("Applies to: the model “%s” does not exist.", model))
        try:
            domain = Domain(ast.literal_eval(text or "[]")).optimize_full(self.env[model])
        except (ValueError, TypeError, KeyError, SyntaxError) as error:
            raise ValidationError(self.env._(
                "The condition cannot be understood: %(error)s", error=error)) from error
        if domain.is_true():
            raise ValidationError(self.env._("The condition matches every record; narrow it down."))
        return domain

    def _parameters(self):
        """Effective parameters of a registered check.

        :raise ValidationError: the code is not registered, or parameters are not what it declares
        """
        self.ensure_one()
        declared = self._registered()
        if declared is None:
            raise ValidationError(self.env._(
                "Code: no program registers the check “%(code)s” for %(model)s.", code=self.code, model=self.target))
        try:
            given = json.loads(self.parameters or "{}")
            return merge_parameters(declared[1], {name: self._resolve(value) for name, value in given.items()})
        except (json.JSONDecodeError, AttributeError) as error:
            raise ValidationError(self.env._("Parameters: not a JSON object.")) from error
        except KeyError as error:
            raise ValidationError(self.env._("Parameters: “%s” is unknown to this check.", error.args[0])) from error
        except TypeError as error:
            raise ValidationError(self.env._("Parameters: “%s” has the wrong type.", error.args[0])) from error

    @api.model
    def _resolve(self, value):
        """Follow a reference to a dated parameter."""
        if isinstance(value, dict) and set(value) == {"parameter"}:
            return self.env["ctsp.parameter"]._get(value["parameter"])
        return value

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------
    @api.model
    def _run(self, target, records):
        """Run the active checks of ``target`` on ``records`` and replace their earlier results.

        Checks see all fields, whoever runs them (superuser: a reader's masked fields must not change the verdict);
        messages must therefore not carry another organisation's data. The caller needs read access to the records.

        :param target: name of the model
        :param records: records of that model, all at once (the number of queries does not grow with them)
        :return: ``ctsp.check.result`` records, one per check and passed record or finding
        """
        records.check_access("read")
        checks = self.sudo().search([("target", "=", target), ("level", "!=", "off")])
        rows = []
        for check in checks:
            rows += check._result_rows(records.sudo())
        return self.env["ctsp.check.result"]._replace(records, rows).with_env(self.env)

    def _result_rows(self, records):
        """Values of the results of this check."""
        self.ensure_one()
        findings = list(self._findings(records))
        failed = {finding.record.id for finding in findings}
        rows = [self._result_values(finding) for finding in findings]
        return rows + [
            self._result_values(Finding(record), passed=True) for record in records if record.id not in failed
        ]

    def _findings(self, records):
        """Yield a Finding for each of ``records`` that fails."""
        self.ensure_one()
        if self.kind == "code":
            method, _defaults = self._registered() or (None, None)
            parameters = self._parameters()
            yield from getattr(records, method)(**parameters) or ()
        else:
            domain = self._validate_domain(self.target, self.domain)
            for record in records.filtered_domain(domain):
                yield Finding(record, self.field_name or None, self.message or None)

    def _result_values(self, finding, passed=False):
        return {
            "check_id": self.id,
            "res_model": finding.record._name,
            "res_id": finding.record.id,
            "field_name": finding.field,
            "message": False if passed else finding.message or self.name,
            "level": self.level,
            "passed": passed,
            "sequence": 100 if passed else 1 if self.level == "blocking" else 2,
        }
