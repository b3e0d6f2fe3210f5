from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import definition as model

PLAIN = ("code", "name", "type", "required", "length", "digits", "unit", "minimum", "maximum", "pattern", "format",
         "personal", "example", "definition", "source")


class DatasetField(models.Model):
    """A field of a version; ``parent_id`` is the list field it is an inner field of."""

    _name = "ctsp.dataset.field"
    _description = "Field of a Data Set"
    _inherit = ["ctsp.dataset.part.mixin", "ctsp.export.mixin"]
    _order = "version_id, sort_key, id"
    _rec_names_search = ["name", "code"]

    version_id = fields.Many2one("ctsp.dataset.version", required=True, index=True, ondelete="cascade")
    parent_id = fields.Many2one(
        "ctsp.dataset.field", "Part of the List", index="btree_not_null", ondelete="cascade",
        domain="[('version_id', '=', version_id), ('type', '=', 'list')]")
    child_ids = fields.One2many("ctsp.dataset.field", "parent_id", "Fields of the List")
    sequence = fields.Integer(default=10)
    code = fields.Char("Field Code", required=True)
    name = fields.Char("Chinese Name", required=True)
    type = fields.Selection([
        ("string", "Text"), ("text", "Long Text"), ("integer", "Whole Number"), ("decimal", "Decimal Number"),
        ("boolean", "Yes or No"), ("date", "Date"), ("datetime", "Date and Time"), ("code", "Code"),
        ("list", "List of Rows")], required=True, default="string")
    required = fields.Boolean()
    length = fields.Integer(  # pylint: disable=attribute-deprecated; a field of ours, no attribute of one
        "Longest", help="Characters of a text, rows of a list. 0: the usual limit.")
    digits = fields.Integer("Decimals")
    unit = fields.Char()
    minimum = fields.Char(help="A number, a day as YYYY-MM-DD, or today.")
    maximum = fields.Char(help="A number, a day as YYYY-MM-DD, or today.")
    pattern = fields.Char(help="Regular expression the whole text must fit.")
    format = fields.Selection([
        ("uscc", "Unified Social Credit Code"), ("record_no", "Filing No."), ("ctr_no", "CTR Number"),
        ("trial_no", "CTR or Device Trial Number"), ("id_number", "Identity Number"), ("phone", "Telephone"),
        ("email", "E-mail"), ("postcode", "Postcode")], "Checked as")
    codes = fields.Text("Code List", help="One code a line: code=name.")
    personal = fields.Selection([
        ("name", "Name of a Person"), ("phone", "Telephone"), ("id_number", "Identity Number"), ("email", "E-mail"),
        ("address", "Address"), ("date", "Day in a Life"), ("text", "Other")], "Personal Data",
        help="Values are masked in reports of checks.")
    example = fields.Char()
    definition = fields.Text()
    source = fields.Char("Source Standard")
    path = fields.Char(
        "Field", compute="_compute_path", help="Of a field of a list: the list's code, a point, its own.")
    sort_key = fields.Char(compute="_compute_sort_key", store=True)
    limits = fields.Char(compute="_compute_limits")

    _code_unique = models.UniqueIndex(
        "(version_id, COALESCE(parent_id, 0), code)", "The version has a field of this code already.")

    @api.depends("code", "name", "parent_id.name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.parent_id.name}.{item.name}" if item.parent_id else item.name

    @api.depends("code", "parent_id.code")
    def _compute_path(self):
        for item in self:
            item.path = f"{item.parent_id.code}.{item.code}" if item.parent_id else item.code

    @api.depends("sequence", "parent_id.sequence")
    def _compute_sort_key(self):
        """Fields of a list follow their list."""
        for item in self:
            outer = item.parent_id or item
            item.sort_key = f"{outer.sequence:06}.{item.sequence + 1 if item.parent_id else 0:06}"

    @api.depends("minimum", "maximum", "length", "digits", "unit")
    @api.depends_context("lang")
    def _compute_limits(self):
        """What is allowed, in one column of a list."""
        today = self.env._("today")
        for item in self:
            low, high = ((bound or "").replace("today", today) for bound in (item.minimum, item.maximum))
            span = f"{low} ～ {high}".strip() if low or high else ""
            size = f"≤ {item.length}" if item.length else ""
            item.limits = "；".join(filter(None, (size, span, item.unit)))

    @api.constrains("code")
    def _check_code(self):
        for item in self:
            if not model.CODE.match(item.code):
                raise ValidationError(self.env._(
                    "Field code “%(code)s”: small letters, digits and underscores, beginning with a letter.",
                    code=item.code))

    @api.constrains("parent_id", "version_id")
    def _check_parent(self):
        for item in self.filtered("parent_id"):
            parent = item.parent_id
            if parent.version_id != item.version_id or parent.type != "list" or parent.parent_id:
                raise ValidationError(self.env._(
                    "Field “%(name)s” can only be part of a list of the same version.", name=item.name))

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:  # an inner field made in the form of its list
            if vals.get("parent_id") and not vals.get("version_id"):
                vals["version_id"] = self.browse(vals["parent_id"]).version_id.id
        return super().create(vals_list)

    def _data(self):
        """Return the field as plain data."""
        self.ensure_one()
        pairs = [line.split("=", 1) for line in (self.codes or "").splitlines() if "=" in line]
        return {
            **{name: self[name] or ("" if self._fields[name].type != "integer" else 0) for name in PLAIN},
            "required": self.required, "codes": [[code.strip(), name.strip()] for code, name in pairs],
            "fields": [child._data() for child in self.child_ids.sorted()]}

    @api.model
    def _fill(self, version, items, parent=None):
        """Create the fields ``items`` (plain definitions) of a version."""
        rows = self.create([{
            **{name: getattr(item, name) or False for name in PLAIN}, "version_id": version.id, "sequence": place * 10,
            "parent_id": parent.id if parent else False,
            "codes": "\n".join(f"{code}={name}" for code, name in item.codes)} for place, item in enumerate(items, 1)])
        for row, item in zip(rows, items, strict=True):
            if item.fields:
                self._fill(version, item.fields, row)
