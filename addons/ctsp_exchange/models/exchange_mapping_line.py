from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import mapping


class ExchangeMappingLine(models.Model):
    """One field of a mapping: where it comes from and what is done to it on the way. No code is stored."""

    _name = "ctsp.exchange.mapping.line"
    _description = "Field of a Mapping"
    _inherit = ["ctsp.fixed.mixin", "ctsp.cached.mixin"]
    _order = "mapping_id, sequence, id"
    _rec_name = "target"
    _audit_what = "write"
    _fixed_by = "mapping_id"
    _fixed_for_superuser = True
    _integrity_fields = {1: (
        "mapping_id", "sequence", "target", "source", "constant", "code_list_id", "converter", "default", "required")}

    mapping_id = fields.Many2one("ctsp.exchange.mapping", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    target = fields.Char("Target Field", required=True, help="e.g. enterprise.name or rows[].code; * for all fields.")
    source = fields.Char("Source Field", help="e.g. qymc or list[].dm; * for all fields.")
    constant = fields.Char(help="Instead of a source: always this value.")
    code_list_id = fields.Many2one("ctsp.exchange.code.list", "Code Translation", ondelete="restrict",
                                   index="btree_not_null")
    converter = fields.Selection(
        [("text", "As Text"), ("trim", "Without Superfluous Blanks"), ("upper", "Capital Letters"),
         ("lower", "Small Letters"), ("integer", "Whole Number"), ("number", "Number"), ("boolean", "Yes or No"),
         ("date", "Date (2026-01-31)"), ("compact", "Date (20260131)"), ("datetime", "Time (ISO 8601, UTC)"),
         ("milliseconds", "Milliseconds since 1970"), ("split", "Text to List"), ("join", "List to Text")])
    default = fields.Char("If Empty", help="Value where the source has none.")
    required = fields.Boolean()
    note = fields.Char()

    @api.model
    def _check_whole(self, whole):
        if any(one.state != "draft" for one in whole):
            raise ValidationError(self.env._("A mapping in use is fixed. Make a new version of it."))

    @api.constrains("target", "source", "constant")
    def _check_paths(self):
        for line in self:
            if not line.source and not line.constant and not line.default:
                raise ValidationError(self.env._("“%(target)s”: a source field or a value is needed.",
                                                 target=line.target))
            try:
                mapping.check(line._spec())
            except mapping.WrongPath as wrong:
                raise ValidationError(
                    self.env._("“%(target)s”: %(reason)s", target=line.target, reason=wrong)) from None

    def _spec(self):
        """Return the line as ``tools.mapping`` reads it."""
        codes = self.code_list_id
        constant = self.constant or (self.default if not self.source else None)
        return mapping.Line(
            (self.target or "").strip(), (self.source or "").strip(), constant or None,
            codes._codes() if codes else None, (codes.otherwise or None) if codes else None, self.converter or "",
            self.default or None, self.required)
