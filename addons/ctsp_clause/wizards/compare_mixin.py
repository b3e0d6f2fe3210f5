from markupsafe import Markup

from odoo import api, fields, models

from ..tools import compare


class CompareMixin(models.AbstractModel):
    """Puts two versions side by side: what was added, removed and changed, with the changed text marked.

    An heir declares ``left_id`` and ``right_id``, ``_compare_lead`` and gives the rows of a version
    (``tools.compare``), their heading and the labels of their fields.
    """

    _name = "ctsp.compare.mixin"
    _description = "Comparison of Versions"

    _compare_lead = "text"
    _compare_by_likeness = False

    show_same = fields.Boolean("Show What Is the Same")
    added_count = fields.Integer("Added", compute="_compute_result")
    removed_count = fields.Integer("Removed", compute="_compute_result")
    changed_count = fields.Integer("Changed", compute="_compute_result")
    same_count = fields.Integer("The Same", compute="_compute_result")
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("left_id", "right_id", "show_same")
    @api.depends_context("lang")
    def _compute_result(self):
        for wizard in self:
            pairs = wizard._pairs()
            found = compare.counts(pairs)
            for kind, count in found.items():
                wizard[f"{kind}_count"] = count
            wizard.result = wizard._render(pairs)

    @api.depends("left_id", "right_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Comparison of Versions")

    def _pairs(self):
        self.ensure_one()
        left, right = self.left_id, self.right_id
        if not left or not right:
            return []
        (left | right).check_access("read")
        return compare.compare(
            self._rows(left), self._rows(right), self._compare_lead, by_likeness=self._compare_by_likeness)

    def _rows(self, version):
        """Hook: return the rows of ``version``."""
        raise NotImplementedError

    def _labels(self):
        """Hook: return ``{field: label}`` of the fields compared, in their order."""
        raise NotImplementedError

    def _blocks(self, pairs):
        """Return what the template shows: one dict a pair that is shown."""
        labels = self._labels()
        for pair in pairs:
            if pair.kind == compare.SAME and not self.show_same:
                continue
            row = pair.new or pair.old
            names = pair.fields if pair.kind == compare.CHANGED else [n for n in labels if row["values"].get(n)]
            yield {
                "kind": pair.kind, "title": row["title"], "old_key": pair.old["key_label"] if pair.old else "",
                "new_key": pair.new["key_label"] if pair.new else "",
                "fields": [{"label": labels[name], "value": self._field_html(pair, name)} for name in names],
            }

    def _field_html(self, pair, name):
        if pair.kind != compare.CHANGED:
            return (pair.new or pair.old)["values"][name] or ""
        parts = compare.text_diff(pair.old["values"].get(name), pair.new["values"].get(name))
        tags = {
            compare.EQUAL: Markup("%s"),
            compare.INSERT: Markup("<ins>%s</ins>"),
            compare.DELETE: Markup("<del>%s</del>"),
        }
        return Markup("").join(tags[tag] % text for tag, text in parts)

    def _render(self, pairs=None):
        """Return the comparison as HTML, for screen and paper alike."""
        pairs = self._pairs() if pairs is None else pairs
        return self.env["ir.qweb"]._render("ctsp_clause.comparison", {
            "left": self.left_id, "right": self.right_id, "counts": compare.counts(pairs),
            "blocks": list(self._blocks(pairs)),
            "empty": [version.display_name for version in self.left_id | self.right_id if not self._rows(version)]})

    def action_swap(self):
        """Exchange the two sides."""
        self.ensure_one()
        self.left_id, self.right_id = self.right_id, self.left_id

    def action_print(self):
        """Print the comparison."""
        self.ensure_one()
        return self.env.ref(f"ctsp_clause.{self._table}_report").report_action(self)

    def action_workbook(self):
        """Download the comparison as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ctsp/clause/compare/{self._name}/{self.id}",
            "target": "download",
        }
