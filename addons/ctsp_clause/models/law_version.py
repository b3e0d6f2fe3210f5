from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

STATUSES = [
    ("in_force", "In Force"), ("coming", "Not Yet in Force"), ("repealed", "Repealed"), ("draft", "Draft for Comment"),
    ("unknown", "Date Not Known"),
]


class LawVersion(models.Model):
    """The text of a law between two days: its document number, dates, and articles."""

    _name = "ctsp.law.version"
    _description = "Law Version"
    _inherit = ["ctsp.export.mixin"]
    _order = "law_id, date_from desc, id desc"
    _rec_names_search = ["law_id.name", "law_id.short_name", "number", "citation"]

    law_id = fields.Many2one("ctsp.law", "Law or Regulation", required=True, index=True, ondelete="cascade")
    name = fields.Char("Version", required=True, help="For example: revised 2026.")
    citation = fields.Char(required=True, help="How this version is cited; the articles' names begin with it.")
    number = fields.Char("Document Number", index="btree_not_null")
    date_issued = fields.Date("Issued")
    date_from = fields.Date("In Force From", index=True)
    date_to = fields.Date("In Force Until")
    is_draft = fields.Boolean("Draft for Comment")
    replaced_by_id = fields.Many2one(
        "ctsp.law.version", string="Replaced By", index="btree_not_null", ondelete="set null")
    coverage = fields.Selection(
        [("none", "No Text"), ("summary", "Summary, Not the Official Text"), ("full", "Full Text")],
        string="Text", required=True, default="none")
    source = fields.Char(help="Where the text was taken from, and who compared it.")
    note = fields.Text()
    article_ids = fields.One2many("ctsp.law.article", "version_id", string="Articles")
    article_count = fields.Integer(compute="_compute_article_count")
    status = fields.Selection(
        STATUSES,
        compute="_compute_status",
        search="_search_status",
    )

    _citation_unique = models.Constraint("UNIQUE(citation)", "There is a version with this citation already.")
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "A version cannot end before it begins.")

    @api.depends("law_id.name", "name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.law_id.name}（{version.number or version.name}）"

    @api.depends("article_ids")
    def _compute_article_count(self):
        counts = dict(
            self.env["ctsp.law.article"]._read_group([("version_id", "in", self.ids)], ["version_id"], ["__count"])
        )
        for version in self:
            version.article_count = counts.get(version._origin, 0)

    def _is_in_force(self, day):
        self.ensure_one()
        return bool(
            not self.is_draft and self.date_from and self.date_from <= day and (not self.date_to or self.date_to >= day)
        )

    @api.depends("is_draft", "date_from", "date_to")
    def _compute_status(self):
        today = clock.today()
        for version in self:
            version.status = (
                "draft" if version.is_draft else "in_force" if version._is_in_force(today)
                else "repealed" if version.date_to and version.date_to < today
                else "coming" if version.date_from else "unknown")

    @api.model
    def _domain_status(self, code):
        today, law = clock.today(), Domain("is_draft", "=", False)
        ended = Domain("date_to", "!=", False) & Domain("date_to", "<", today)
        known = Domain("date_from", "!=", False)
        begun = known & Domain("date_from", "<=", today)
        return {
            "draft": ~law, "in_force": law & begun & ~ended, "repealed": law & ended,
            "coming": law & known & ~begun & ~ended, "unknown": law & ~known & ~ended,
        }[code]

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = dict(self._fields["status"].selection)
        return Domain.OR([self._domain_status(code) for code in value if code in known])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cited(self):
        self.article_ids._unlink_except_cited()

    def action_read(self):
        """Open the version in the reader; the context may name the article to begin with."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("ctsp_clause.ctsp_law_reader_action")
        context = {"active_id": self.id, "article_id": self.env.context.get("article_id")}
        return {**action, "name": self.display_name, "context": context}

    def action_import(self):
        """Take over the text of this version from a file or from what was pasted."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Take Over a Text"), "res_model": "ctsp.law.import",
            "views": [[False, "form"]], "target": "new", "context": {"default_version_id": self.id}}
