from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.export_reader import ColumnRefused, resolve


class ExportProfileLine(models.Model):
    """One column of an export profile: a path through the data, such as institution → district."""

    _inherit = "ir.exports.line"
    _description = "Export Column"
    _order = "sequence, id"

    name = fields.Char("Field", required=True)
    sequence = fields.Integer(default=10)
    header = fields.Char(help="Header in the file; the field's own label when empty.")
    resource = fields.Char(related="export_id.resource", string="Model")
    label = fields.Char("Meaning", compute="_compute_label")

    @api.depends("name", "resource")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            line.label = line._path_label()

    def _path_label(self):
        if not self.name or self.resource not in self.env:
            return False
        try:
            # only labels are read here, and they do not depend on the rights of the one who designs the profile
            return resolve(self.env[self.resource].sudo(), self.name).label
        except ColumnRefused:
            return False

    @api.constrains("name", "export_id")
    def _check_path(self):
        known = dict(self.env["ctsp.export.job"]._selection_models())
        for line in self:
            if line.resource in known and not line._path_label():
                raise ValidationError(self.env._("“%(path)s” cannot be exported.", path=line.name))
