from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)


class DocumentTemplate(models.Model):
    """A version of what a type of paper looks like, edited on screen. Published versions are fixed; one is current."""

    _name = "ctsp.document.template"
    _description = "Document Template"
    _inherit = ["ctsp.workflow.mixin", "ctsp.integrity.mixin"]
    _order = "type_id, paper, version desc"
    _integrity_fields = {1: ("type_id", "paper", "version", "content", "state")}
    _workflow = Workflow("draft", (
        Transition("publish", ("draft",), "published", _lt("Publish"), stamp="published"),
        Transition("retire", ("published",), "retired", _lt("Withdraw"), automatic=True),
    ))

    name = fields.Char(compute="_compute_name")
    type_id = fields.Many2one("ctsp.document.type", required=True, index=True, ondelete="restrict")
    paper = fields.Selection(
        [("a4", "A4"), ("roll80", "Roll 80 mm"), ("roll58", "Roll 58 mm")], required=True, default="a4")
    version = fields.Integer(readonly=True, copy=False, aggregator=None)
    content = fields.Text("Template", required=True, default="{{ title() }}\n")
    change_note = fields.Char("What Changed", copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Current"), ("retired", "Earlier Version")], default="draft", required=True,
        readonly=True, copy=False, index=True)
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by = fields.Many2one("res.users", readonly=True, copy=False)
    document_count = fields.Integer("Documents", compute="_compute_document_count")

    _version_unique = models.Constraint("unique (type_id, paper, version)", "This version exists already.")

    @api.depends("type_id", "version", "paper")
    def _compute_name(self):
        papers = dict(self._fields["paper"]._description_selection(self.env))
        for row in self:
            paper = "" if row.paper == "a4" else f" {papers.get(row.paper)}"
            row.name = f"{row.type_id.name or ''}{paper} V{row.version or 1}"

    def _compute_document_count(self):
        # superuser: a count tells nothing of a paper, and administrators read none
        counts = dict(self.env["ctsp.document"].sudo()._read_group(
            [("template_id", "in", self.ids)], ["template_id"], ["__count"]))
        for row in self:
            row.document_count = counts.get(row, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["version"] = 1 + self._last_version(vals.get("type_id"), vals.get("paper") or "a4", vals_list)
        return super().create(vals_list)

    def _last_version(self, type_id, paper, vals_list):
        rows = self.search([("type_id", "=", type_id), ("paper", "=", paper)], order="version desc", limit=1)
        batch = [vals["version"] for vals in vals_list
                 if vals.get("type_id") == type_id and (vals.get("paper") or "a4") == paper and vals.get("version")]
        return max([rows.version, *batch])

    def write(self, vals):
        if vals.keys() & {"content", "type_id", "paper", "version"}:
            for row in self:
                if row.state != "draft":
                    raise UserError(self.env._(
                        "“%(template)s” is published and cannot be changed; make the next version.", template=row.name))
        return super().write(vals)

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "publish" and (problems := self._problems(self.content)):
            raise UserError("\n".join([self.env._("The template cannot be published yet:"), *problems]))

    def _before_publish(self, reason):
        current = self.search([
            ("type_id", "=", self.type_id.id), ("paper", "=", self.paper), ("state", "=", "published")])
        if current:
            current.sudo().run_transition("retire")  # superuser: the step belongs to publishing the next version

    @api.model
    def _publish_first(self, res_model):
        """Publish the drafts that an addon ships for types on ``res_model`` without a published template yet."""
        drafts = self.search([("type_id.res_model", "=", res_model), ("state", "=", "draft"), ("version", "=", 1)])
        for draft in drafts:
            if not draft.type_id.template_ids.filtered(
                    lambda row, paper=draft.paper: row.paper == paper and row.state == "published"):
                draft.run_transition("publish")

    @api.model
    def _renew_shipped(self, module, content_by_code, note):
        """Publish the next version of what ``module`` ships where nobody replaced the one before. For migrations.

        A published version cannot be changed, so the current one is as it was shipped when the module owns it.

        :param content_by_code: ``{code of the type: content}`` of templates for A4
        :return: the templates published; types an administrator keeps a version of his own of are left alone
        """
        renewed = self.browse()
        for code, content in content_by_code.items():
            current = self.env["ctsp.document.type"]._by_code(code).template_id
            owner = current.get_external_id().get(current.id, "").partition(".")[0]
            if owner != module or current.content.strip() == content.strip():
                continue
            fresh = self.create({"type_id": current.type_id.id, "content": content, "change_note": note})
            fresh.run_transition("publish")
            self.env["ir.model.data"].create({
                "module": module, "name": f"document_template_{code}_v{fresh.version}", "model": self._name,
                "res_id": fresh.id, "noupdate": True})
            renewed += fresh
        return renewed

    def action_next_version(self):
        """Open a draft that begins with this text; the draft that exists when there is one."""
        self.ensure_one()
        self.check_access("write")
        draft = self.search([
            ("type_id", "=", self.type_id.id), ("paper", "=", self.paper), ("state", "=", "draft")], limit=1)
        draft = draft or self.create({"type_id": self.type_id.id, "paper": self.paper, "content": self.content})
        return draft._open()

    def _open(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
                "views": [(False, "form")]}

    def action_compare(self):
        """Open the comparison of this version with the one before it, or of two selected versions."""
        pair = self.sorted("version")
        if len(pair) == 1:
            before = self.search([("type_id", "=", self.type_id.id), ("paper", "=", self.paper),
                                  ("version", "<", self.version)], order="version desc", limit=1)
            pair = before + pair
        if len(pair) != 2:
            raise UserError(self.env._("Choose two versions to compare."))
        wizard = self.env["ctsp.document.template.compare"].create(
            {"before_id": pair[0].id, "after_id": pair[1].id})
        return {**wizard._open(), "name": self.env._("Comparison of Versions")}
