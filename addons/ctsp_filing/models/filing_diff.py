from odoo import api, fields, models

from odoo.addons.ctsp_base.tools.language import in_record_language

from .filing import LINE_FIELDS
from .filing_line_mixin import DECIDED

COLOURS = {"add": "text-bg-success", "change": "text-bg-warning", "remove": "text-bg-danger"}


class Filing(models.Model):
    """What a filing changes, old against new, and where the registry moved meanwhile.

    The comparison is a list of sections ``{"section", "rows"}``, a row is ``{"op", "title", "fields"}``, a field is
    ``{"model", "name", "old", "new", "conflict"}``; values are words ready to be read, personal data masked. It is
    frozen when the filing is decided, because from then on the registry is the new content.
    """

    _inherit = "ctsp.filing"

    diff_frozen = fields.Json(readonly=True, copy=False)
    diff_html = fields.Html("What Differs", compute="_compute_diff_html", sanitize=False)
    change_count = fields.Integer("Number of Changes", compute="_compute_diff")
    has_conflict = fields.Boolean("Registry Changed", compute="_compute_diff")
    override_conflicts = fields.Boolean(
        "Proposal Prevails", copy=False,
        help="Approve although the registry changed since the proposal was made; the proposed values win.")

    @api.depends(lambda self: self._diff_triggers())
    @api.depends_context("lang")
    def _compute_diff(self):
        for filing in self:
            rows = [row for section in filing._diff() for row in section["rows"]]
            filing.change_count = len(rows)
            filing.has_conflict = filing.state not in DECIDED and any(
                field.get("conflict") for row in rows for field in row["fields"])

    @api.depends(lambda self: self._diff_triggers())
    @api.depends_context("lang")
    def _compute_diff_html(self):
        for filing in self:
            filing.diff_html = self.env["ir.qweb"]._render("ctsp_filing.filing_diff", {
                "sections": filing._with_labels(filing._diff()), "filing": filing})

    @api.model
    def _diff_triggers(self):
        """Return what the comparison depends on, the registry itself aside."""
        rows = [f"{name}.{field}" for name in LINE_FIELDS for field in ("operation", "base_values")]
        return ["state", "diff_frozen", "base_values", *self._proposal_names(), *rows]

    def _diff(self):
        """Return the comparison, frozen or fresh."""
        self.ensure_one()
        if self.diff_frozen is not False and self.diff_frozen is not None and self.state in DECIDED:
            return self.diff_frozen
        # superuser: whoever reads the filing reads what it changes; personal data is masked below
        return self.sudo()._fresh_diff() if isinstance(self.id, int) else []

    def _freeze_diff(self):
        """Keep the comparison as the deciding officer saw it."""
        self.diff_frozen = in_record_language(self)._fresh_diff()

    def _fresh_diff(self):
        header = self._row_diff()
        sections = [{"section": "header", "rows": [header] if header else []}]
        for name in LINE_FIELDS:
            rows = []
            for line in self[name]:
                rows += [diff for row in (line, *line._sub_rows()) if (diff := row._row_diff())]
            sections.append({"section": name, "rows": rows})
        if self.kind == "cancellation" and self.scope == "institution":
            sections[0]["rows"] = [{"op": "remove", "title": self.institution_id.name, "fields": []}]
        return [section for section in sections if section["rows"]]

    def _with_labels(self, sections):
        """Return the comparison with headings in the reader's language."""
        operations = dict(self.env["ctsp.filing.site"]._fields["operation"]._description_selection(self.env))
        return [{
            "label": self._section_label(section["section"]),
            "rows": [{
                **row,
                "label": operations[row["op"]],
                "css": COLOURS[row["op"]],
                "fields": [{**field, "label": self._field_label(field)} for field in row["fields"]],
            } for row in section["rows"]],
        } for section in sections]

    def _section_label(self, section):
        if section == "header":
            return self.env._("Institution Details")
        return self._fields[section].get_description(self.env, ["string"])["string"]

    def _field_label(self, field):
        known = self.env[field["model"]]._fields.get(field["name"])
        return known.get_description(self.env, ["string"])["string"] if known else field["name"]

    def _row_title(self):
        return self.name

    def _conflicts(self):
        """Return one sentence per field that both the filing and somebody else changed."""
        return [
            f"{row['title']} · {self._field_label(field)}"
            for section in self._diff() for row in section["rows"] for field in row["fields"] if field.get("conflict")]
