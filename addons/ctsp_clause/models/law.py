from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

from .law_version import STATUSES


class Law(models.Model):
    """A law, regulation, rule or guidance, in its versions."""

    _name = "ctsp.law"
    _description = "Law"
    _inherit = ["mail.thread", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["name", "short_name", "version_ids.number"]
    _import_keys = ("name",)
    _import_fields = ("name", "short_name", "level", "issuer", "note")

    name = fields.Char(required=True)
    short_name = fields.Char(help="How people call it, and how clauses cite it.")
    level = fields.Selection(
        [("law", "Law"), ("regulation", "Administrative Regulation"), ("rule", "Departmental Rule"),
         ("local", "Local Regulation"), ("document", "Normative Document"), ("guidance", "Technical Guideline")],
        required=True, default="document", index=True)
    issuer = fields.Char()
    sequence = fields.Integer(default=10)
    version_ids = fields.One2many("ctsp.law.version", "law_id", string="Versions")
    current_id = fields.Many2one("ctsp.law.version", string="Version in Force", compute="_compute_current")
    status = fields.Selection(
        STATUSES,
        compute="_compute_current",
        search="_search_status",
    )
    number = fields.Char("Document Number", compute="_compute_current")
    date_issued = fields.Date("Issued", compute="_compute_current")
    date_from = fields.Date("In Force From", compute="_compute_current")
    date_to = fields.Date("In Force Until", compute="_compute_current")
    coverage = fields.Selection("_selection_coverage", "Text", compute="_compute_current")
    note = fields.Text()
    active = fields.Boolean(default=True)

    version_count = fields.Integer(compute="_compute_counts")
    article_count = fields.Integer("Articles", compute="_compute_counts", help="Of the version in force.")
    clause_count = fields.Integer("Clauses", compute="_compute_counts", help="Clauses that rest on its articles.")

    _name_unique = models.Constraint("UNIQUE(name)", "There is a law with this name already.")

    @api.model
    def _selection_coverage(self):
        return self.env["ctsp.law.version"]._fields["coverage"]._description_selection(self.env)

    @api.depends("version_ids.date_from", "version_ids.date_to", "version_ids.is_draft", "version_ids.number",
                 "version_ids.coverage")
    def _compute_current(self):
        today = clock.today()
        for law in self:
            version = law._version_on(today)
            if not version:  # the next one, else the last one
                versions = law.version_ids.sorted(
                    lambda v: (not v.is_draft, v.status == "unknown", v.date_from or today))
                version = versions.filtered_domain([("status", "=", "coming")])[:1] or versions[-1:]
            law.current_id = version
            law.status = version.status
            law.number = version.number
            law.date_issued = version.date_issued
            law.date_from = version.date_from
            law.date_to = version.date_to
            law.coverage = version.coverage

    @api.model_create_multi
    def create(self, vals_list):
        # “created” would say nothing, and speak English for what comes with the platform
        return super(Law, self.with_context(mail_create_nolog=True)).create(vals_list)

    def _version_on(self, day):
        """Return the version in force on ``day``, empty when none was."""
        self.ensure_one()
        versions = self.version_ids.filtered(lambda v: v._is_in_force(day))
        return versions.sorted(lambda v: v.date_from)[-1:]

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        version = self.env["ctsp.law.version"]
        has = {code: Domain("version_ids", "any", version._domain_status(code)) for code in dict(STATUSES)}
        # the status of a law is that of the version in force, else of the next, else of the last one
        coming = ~has["in_force"] & has["coming"]
        past = ~has["in_force"] & ~has["coming"]
        domains = {
            "in_force": has["in_force"], "coming": coming, "unknown": past & has["unknown"],
            "repealed": past & ~has["unknown"] & has["repealed"],
            "draft": past & ~has["unknown"] & ~has["repealed"] & has["draft"],
        }
        return Domain.OR([domains[code] for code in value if code in domains])

    @api.depends("version_ids.article_ids.clause_ids")
    def _compute_counts(self):
        pairs = self.env["ctsp.law.article"]._read_group(
            [("law_id", "in", self.ids), ("clause_ids", "!=", False)], ["law_id", "clause_ids"])
        clauses = Counter(law.id for law, _clause in pairs)
        for law in self:
            law.version_count = len(law.version_ids)
            law.article_count = law.current_id.article_count
            law.clause_count = clauses[law._origin.id]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cited(self):
        self.version_ids.article_ids._unlink_except_cited()

    def action_read(self):
        """Open the version in force in the reader."""
        self.ensure_one()
        return self.current_id.action_read()

    def action_open_clauses(self):
        """Open the clauses that rest on this law."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_clause.ctsp_clause_action")
        return {**action, "domain": [("article_ids.law_id", "=", self.id)], "context": {}}

    def action_compare(self):
        """Put the two latest versions side by side."""
        self.ensure_one()
        versions = self.version_ids.filtered("date_from").sorted("date_from", reverse=True) or self.version_ids
        return {
            "type": "ir.actions.act_window", "name": self.env._("Compare Versions"), "res_model": "ctsp.law.compare",
            "views": [[False, "form"]], "target": "current",
            "context": {"default_right_id": versions[:1].id, "default_left_id": versions[1:2].id}}
