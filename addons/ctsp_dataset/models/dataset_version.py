from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from ..tools import definition

_lt = LazyTranslate(__name__)

STEWARD = ("ctsp_base.group_data_steward",)
FROZEN = frozenset({"definition", "digest"})
EVIDENCE = ("dataset_id", "number", "state", "digest", "published_at")


class DatasetVersion(models.Model):
    """A version of a data set: written, reviewed by somebody else, published, retired.

    What is published does not change any more: its definition is frozen as plain data with its SM3, and everything that
    is handed out or checked is made from that. Several published versions are accepted side by side until the older
    ones are retired.
    """

    _name = "ctsp.dataset.version"
    _description = "Version of a Data Set"
    _inherit = ["mail.thread", "ctsp.workflow.mixin", "ctsp.export.mixin", "ctsp.integrity.mixin"]
    _order = "dataset_sequence, dataset_id, id desc"
    _rec_names_search = ["dataset_id.name", "dataset_id.code", "number"]
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "definition", "mode", "key_codes")}
    _workflow = Workflow("draft", (
        Transition("submit", ("draft",), "review", _lt("Submit for Review"), groups=STEWARD, stamp="submitted"),
        Transition("return", ("review",), "draft", _lt("Return to the Author"), groups=STEWARD, needs_reason=True),
        Transition("publish", ("review",), "published", _lt("Approve and Publish"), groups=STEWARD, stamp="published"),
        Transition("retire", ("published",), "retired", _lt("Retire"), groups=STEWARD, needs_reason=True,
                   stamp="retired"),
    ))

    dataset_id = fields.Many2one("ctsp.dataset", required=True, index=True, ondelete="restrict")
    dataset_sequence = fields.Integer(related="dataset_id.sequence", store=True)
    code = fields.Char(related="dataset_id.code")
    kind = fields.Selection(related="dataset_id.kind")
    number = fields.Char("Version", required=True, default="1.0", copy=False, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("review", "In Review"), ("published", "Published"), ("retired", "Retired")],
        required=True, default="draft", readonly=True, index=True, copy=False, group_expand=True, tracking=True)
    is_current = fields.Boolean("In Force", compute="_compute_is_current", search="_search_is_current")
    previous_id = fields.Many2one(
        "ctsp.dataset.version", "Previous Version", copy=False, index="btree_not_null", ondelete="restrict",
        domain="[('dataset_id', '=', dataset_id), ('id', '!=', id)]")
    description = fields.Text()
    change_note = fields.Text("What Is New", copy=False)
    source = fields.Char("Source Standard")
    mode = fields.Selection(
        [("partial", "Row by Row: good rows are accepted"), ("whole", "All or Nothing")], "Acceptance",
        required=True, default="partial")
    key_codes = fields.Char("Key", help="Codes of the fields that tell rows apart, separated by commas.")
    field_ids = fields.One2many(
        "ctsp.dataset.field", "version_id", "Fields", domain=[("parent_id", "=", False)], copy=False)
    all_field_ids = fields.One2many("ctsp.dataset.field", "version_id", "All Fields", copy=False)
    rule_ids = fields.One2many("ctsp.dataset.rule", "version_id", "Rules", copy=False)
    field_count = fields.Integer("Number of Fields", compute="_compute_counts")
    rule_count = fields.Integer("Number of Rules", compute="_compute_counts")
    problems = fields.Text("To Be Mended", compute="_compute_problems")
    definition = fields.Json(readonly=True, copy=False)
    digest = fields.Char("SM3", readonly=True, copy=False)
    touched_by = fields.Many2many(
        "res.users", "ctsp_dataset_version_touched_rel", "version_id", "user_id", "Authors", readonly=True,
        copy=False, groups="base.group_user")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    published_at = fields.Datetime(readonly=True, copy=False, index=True)
    published_by = fields.Many2one("res.users", "Reviewed By", readonly=True, copy=False, groups="base.group_user")
    retired_at = fields.Datetime(readonly=True, copy=False)

    _number_unique = models.Constraint("UNIQUE(dataset_id, number)", "The data set has a version of this number.")

    @api.depends("dataset_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.dataset_id.name or ''} {version.number or ''}".strip()

    @api.depends("dataset_id.current_id")
    def _compute_is_current(self):
        for version in self:
            version.is_current = version.dataset_id.current_id == version

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self.env["ctsp.dataset"].search([("current_id", "!=", False)]).current_id.ids
        return [("id", "in" if True in value else "not in", current)] if len(value) == 1 else []

    @api.depends("all_field_ids", "rule_ids")
    def _compute_counts(self):
        for name, model in (("field_count", "ctsp.dataset.field"), ("rule_count", "ctsp.dataset.rule")):
            counts = dict(self.env[model]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]))
            for version in self:
                version[name] = counts.get(version._origin, 0)

    @api.depends("all_field_ids", "rule_ids", "key_codes", "state")
    def _compute_problems(self):
        for version in self:
            wrong = definition.problems(version._definition()) if version.state in ("draft", "review") else []
            version.problems = "\n".join(wrong)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_frozen(vals)
        # “created” would say nothing, and speak English for what comes with the platform
        return super(DatasetVersion, self.with_context(mail_create_nolog=True)).create(vals_list)

    def write(self, vals):
        self._check_frozen(vals)
        if changed := vals.keys() - self._open_fields():
            self.check_access("write")
            self._check_draft()
            if changed - {"touched_by"}:
                self._touch()
        return super().write(vals)

    @api.model
    def _check_frozen(self, vals):
        """What is published is made from the rows by the platform; nobody writes it, in whatever state."""
        if FROZEN & vals.keys() and not self.env.su:
            raise AccessError(self.env._("The definition of a version is made from its fields and rules."))

    @api.model
    def _open_fields(self):
        """Return the fields that may change after the draft: state and stamps by the workflow, followers and such."""
        own = {name for name, field in self._fields.items() if name.startswith(("message_", "activity_", "integrity_"))}
        return own | FROZEN | {"state", "state_since", "submitted_at", "submitted_by", "published_at", "published_by",
                               "retired_at", "dataset_sequence"}

    def _check_draft(self):
        """Refuse to change what is in review, published or retired."""
        if fixed := self.filtered(lambda version: version.state != "draft")[:1]:
            raise UserError(self.env._(
                "“%(version)s” is no draft: its content is fixed. Please make the next version, or have it returned.",
                version=fixed.display_name))

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------
    def _authors(self):
        """Return everybody who wrote something of the version."""
        self.ensure_one()
        whole = self.sudo()  # who wrote what is not for every reader
        parts = whole.all_field_ids, whole.rule_ids
        writers = self.env["res.users"].union(*(part.create_uid | part.write_uid for part in parts))
        return whole.create_uid | whole.submitted_by | whole.touched_by | writers

    def _touch(self):
        """Note who changes the content: what he wrote may be written over or deleted, and still he is an author."""
        for version in self.sudo():  # sudo: the list is the platform's
            if self.env.user not in version.touched_by:
                version.touched_by = [Command.link(self.env.uid)]

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code in ("submit", "publish") and (wrong := definition.problems(self._definition())):
            raise UserError(self.env._(
                "“%(version)s” cannot be used yet:\n%(problems)s", version=self.display_name,
                problems="\n".join(wrong)))
        if transition.code == "publish" and self.env.user in self._authors():
            raise UserError(self.env._(
                "“%(version)s”: whoever wrote or submitted a version does not review it. Somebody else has to.",
                version=self.display_name))

    def _before_publish(self, reason):
        self._freeze()
