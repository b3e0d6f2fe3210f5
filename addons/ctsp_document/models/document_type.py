from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import clock, numbering


class DocumentType(models.Model):
    """A kind of official paper: what it is about, how it is numbered, who signs. Rows ship in the domain addons."""

    _name = "ctsp.document.type"
    _description = "Document Type"
    _order = "sequence, id"
    _integrity_fields = {1: (
        "code", "res_model", "active", "sequence_id", "signer_roles", "needs_signatures", "release_on_final",
        "is_single")}

    name = fields.Char(required=True)
    code = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text("What It Is For")
    sequence_id = fields.Many2one(
        "ir.sequence", "Number Series", required=True, ondelete="restrict", readonly=True,
        help="Gap-free, begins anew each year. A number is drawn when a paper is finalised.")
    number_prefix = fields.Char(
        "Number Begins With", compute="_compute_number_format", inverse="_inverse_number_prefix", compute_sudo=True,
        help="The year stands in curly brackets.")
    number_suffix = fields.Char(
        "Number Ends With", compute="_compute_number_format", inverse="_inverse_number_suffix", compute_sudo=True)
    number_example = fields.Char("Number Looks Like", compute="_compute_number_format", compute_sudo=True)
    signer_roles = fields.Json(
        readonly=True, help="Code and title of the parties who sign, in the order of the signature block.")
    needs_signatures = fields.Boolean(
        help="A paper is finalised only when every party has signed or refused to sign.")
    release_on_final = fields.Boolean(
        "Released When Final", help="The institution concerned may read the paper as soon as it is final.")
    is_single = fields.Boolean("One per Record", help="A second one is made only after the first is void.")
    input_ids = fields.One2many("ctsp.document.type.input", "type_id", "Texts to Fill In")
    template_ids = fields.One2many("ctsp.document.template", "type_id", "Templates")
    template_id = fields.Many2one("ctsp.document.template", "Current Template", compute="_compute_template_id")
    document_count = fields.Integer("Documents", compute="_compute_document_count")

    _code_unique = models.Constraint("unique (code)", "This code is taken.")

    @api.depends("template_ids.state", "template_ids.paper")
    def _compute_template_id(self):
        for row in self:
            row.template_id = row._current_template()

    @api.depends("sequence_id.prefix", "sequence_id.suffix", "sequence_id.padding")
    def _compute_number_format(self):
        for row in self:
            series = row.sequence_id
            row.number_prefix, row.number_suffix = numbering.shown(series.prefix), series.suffix
            row.number_example = row._number_text(f"{1:0{series.padding or 1}d}", clock.today().year)

    def _number_text(self, number, year):
        """Return a number of this type as it is printed."""
        return f"{numbering.in_year(self.number_prefix, year)}{number}{self.number_suffix or ''}"

    # one each: what is not written is empty while the other is

    def _inverse_number_prefix(self):
        for row in self:
            row._write_series(prefix=numbering.stored(row.number_prefix))

    def _inverse_number_suffix(self):
        for row in self:
            row._write_series(suffix=row.number_suffix)

    def _write_series(self, **values):
        self.check_access("write")
        # superuser: number series are no screen of their own; whoever keeps the type keeps its 文书字号
        self.sequence_id.sudo().write(values)

    @api.constrains("number_prefix")
    def _check_number_prefix(self):
        for row in self:
            if row.number_prefix and numbering.YEAR not in numbering.stored(row.number_prefix):
                raise ValidationError(self.env._(
                    "Number Begins With: “%(year)s” is missing; numbers of two years would be the same.",
                    year=numbering.SHOWN))

    def _compute_document_count(self):
        # superuser: a count tells nothing of a paper, and administrators read none
        counts = dict(self.env["ctsp.document"].sudo()._read_group(
            [("type_id", "in", self.ids)], ["type_id"], ["__count"]))
        for row in self:
            row.document_count = counts.get(row, 0)

    def _current_template(self, paper="a4"):
        """Return the published template for ``paper``; that for A4 when there is none for a roll."""
        self.ensure_one()
        current = self.template_ids.filtered(lambda template: template.state == "published")
        return (current.filtered(lambda template: template.paper == paper)
                or current.filtered(lambda template: template.paper == "a4"))[:1]

    @api.model
    def _by_code(self, code):
        """Return the active type ``code`` (empty when there is none)."""
        return self.search([("code", "=", code)], limit=1)

    def action_open_documents(self):
        """Open the papers of this type that the user may read."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("ctsp_document.ctsp_document_action"),
            "domain": [("type_id", "=", self.id)], "context": {},
        }
