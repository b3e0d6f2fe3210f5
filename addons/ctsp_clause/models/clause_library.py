from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

from ..tools.codes import GRADES

GRANT = "ctsp_clause_library_publishing"
PUBLISHING = object()  # a live object: no RPC, import or form can put it into a context
PUBLISHED = frozenset({"published", "published_at", "published_by"})


class ClauseLibrary(models.Model):
    """A version of a set of clauses (要点版本): what inspectors check, section by section.

    Published content is fixed; corrections make the next version. ``expected_*`` are the numbers of clauses per grade
    that the source document states (2023 edition: 9 / 51 / 49; draft of 2026: 11 / 54 / 61): a library whose own
    numbers differ is not published.
    """

    _name = "ctsp.clause.library"
    _description = "Clause Library"
    _inherit = ["mail.thread", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code"]
    _import_keys = ("code",)
    _import_fields = (
        "code", "name", "number", "issuer", "status", "date_from", "date_to", "expected_critical", "expected_major",
        "expected_minor", "note")
    _integrity_fields = {1: (
        "name", "code", "number", "status", "date_from", "date_to", "published", "published_at", "published_by",
        "previous_id")}

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, copy=False, index=True, help="Short name by which files and people cite it.")
    complete_name = fields.Char("Full Name", compute="_compute_complete_name", store=True)
    number = fields.Char("Document Number", tracking=True)
    issuer = fields.Char()
    date_from = fields.Date("Valid From", index=True, tracking=True)
    date_to = fields.Date("Valid To", tracking=True)
    status = fields.Selection(
        [("official", "Official"), ("consultation", "Draft for Comment"), ("sample", "Sample")],
        required=True, default="official", index=True, tracking=True)
    published = fields.Boolean(readonly=True, copy=False, index=True, tracking=True)
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    previous_id = fields.Many2one(
        "ctsp.clause.library", string="Previous Version", index="btree_not_null", ondelete="restrict", copy=False)
    next_ids = fields.One2many("ctsp.clause.library", "previous_id", string="Next Versions")
    note = fields.Text()
    section_ids = fields.One2many("ctsp.clause.section", "library_id", string="Sections")
    clause_ids = fields.One2many("ctsp.clause", "library_id", string="Clauses")
    checklist_ids = fields.One2many("ctsp.checklist", "library_id", string="Check Lists")
    section_count = fields.Integer(compute="_compute_counts")
    clause_count = fields.Integer(compute="_compute_counts")
    critical_count = fields.Integer("Critical ★★", compute="_compute_counts")
    major_count = fields.Integer("Major ★", compute="_compute_counts")
    minor_count = fields.Integer("Minor", compute="_compute_counts")
    expected_critical = fields.Integer("Critical Stated")
    expected_major = fields.Integer("Major Stated")
    expected_minor = fields.Integer("Minor Stated")
    counts_differ = fields.Boolean(compute="_compute_counts")
    is_valid = fields.Boolean("In Force Today", compute="_compute_is_valid", search="_search_is_valid")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a clause library with this code already.")
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "A library cannot end before it begins.")

    @api.depends("clause_ids.grade", "section_ids", "expected_critical", "expected_major", "expected_minor")
    def _compute_counts(self):
        groups = self.env["ctsp.clause"]._read_group(
            [("library_id", "in", self.ids)], ["library_id", "grade"], ["__count"]
        )
        counts = {(library.id, grade): count for library, grade, count in groups}
        sections = dict(self.env["ctsp.clause.section"]._read_group(
            [("library_id", "in", self.ids)], ["library_id"], ["__count"]))
        for library in self:
            found = [counts.get((library._origin.id, grade), 0) for grade in GRADES]
            library.critical_count, library.major_count, library.minor_count = found
            library.clause_count = sum(found)
            library.section_count = sections.get(library._origin, 0)
            stated = [library.expected_critical, library.expected_major, library.expected_minor]
            library.counts_differ = any(stated) and stated != found

    @api.depends("published", "date_from", "date_to")
    def _compute_is_valid(self):
        today = clock.today()
        for library in self:
            library.is_valid = bool(
                library.published and (not library.date_from or library.date_from <= today)
                and (not library.date_to or library.date_to >= today))

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = clock.today()
        valid = (
            Domain("published", "=", True)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today)))
        return Domain.OR([valid if wanted else ~valid for wanted in value])

    @api.depends("name", "number", "code")
    def _compute_complete_name(self):
        """The name with what tells versions of one document apart: its number, else the code."""
        for library in self:
            library.complete_name = f"{library.name}（{library.number or library.code}）"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_publishing({name for vals in vals_list for name in vals if vals[name]})
        # “created” would say nothing, and speak English for what comes with the platform
        return super(ClauseLibrary, self.with_context(mail_create_nolog=True)).create(vals_list)

    def write(self, vals):
        self._check_publishing(vals.keys())
        return super().write(vals)

    def _check_publishing(self, names):
        """Publishing and withdrawing check what stands against them; nobody writes past them."""
        if PUBLISHED & names and not self.env.su and self.env.context.get(GRANT) is not PUBLISHING:
            raise AccessError(self.env._("A clause library is published and withdrawn by its buttons only."))

    @api.constrains("previous_id")
    def _check_previous(self):
        if self._has_cycle("previous_id"):
            raise ValidationError(self.env._("A library cannot come before itself."))

    def _check_unpublished(self):
        if fixed := self.filtered("published")[:1]:
            raise UserError(self.env._(
                "“%(library)s” is published and its content is fixed. Please make the next version for corrections.",
                library=fixed.display_name))

    # ------------------------------------------------------------------
    # Publishing
    # ------------------------------------------------------------------
    def action_publish(self):
        """Fix the content of these libraries; inspections may use them from now on."""
        self.check_access("write")
        for library in self:
            library._check_publishable()
        drafts = self.filtered(lambda library: not library.published)
        drafts.with_context(**{GRANT: PUBLISHING}).write(
            {"published": True, "published_at": fields.Datetime.now(), "published_by": self.env.uid})

    def _check_publishable(self):
        if not self.clause_count:
            raise UserError(self.env._("“%(library)s” has no clause yet.", library=self.display_name))
        if self.counts_differ:
            raise UserError(self.env._(
                "“%(library)s”: its source states %(stated)s critical / major / minor clauses, the library has "
                "%(found)s. Please complete the clauses or correct the numbers.",
                library=self.display_name,
                stated=f"{self.expected_critical} / {self.expected_major} / {self.expected_minor}",
                found=f"{self.critical_count} / {self.major_count} / {self.minor_count}"))

    def action_withdraw(self):
        """Open the content again, as long as nothing was inspected by it."""
        self.check_access("write")
        for library in self:
            if users := library._used_by():
                raise UserError(self.env._(
                    "“%(library)s” is used by %(users)s. Please make the next version for corrections.",
                    library=library.display_name, users="、".join(sorted(users))))
        self.with_context(**{GRANT: PUBLISHING}).write(
            {"published": False, "published_at": False, "published_by": False})

    def _used_by(self):
        """Return the names of the models of other addons whose records point at the library."""
        self.ensure_one()
        own = {"ctsp.clause.library", "ctsp.clause.section", "ctsp.clause", "ctsp.checklist", "ctsp.finding.phrase"}
        names = set()
        for model_name, model in self.env.registry.items():
            field = model._fields.get("library_id")
            if model_name in own or model._abstract or model._transient or not model._auto or not field:
                continue
            if field.comodel_name == self._name and field.store:
                # Superuser: a record the user cannot see still needs the clauses as they are.
                if self.env[model_name].sudo().search_count([("library_id", "=", self.id)], limit=1):
                    names.add(self.env["ir.model"]._get(model_name).name)
        return names

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for library in self:
            if library.published:
                raise UserError(
                    self.env._("“%(library)s” is published; it cannot be deleted.", library=library.display_name)
                )
