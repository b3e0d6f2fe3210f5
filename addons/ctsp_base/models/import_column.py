from odoo import api, fields, models

from ..tools import coercion
from ..tools.header import normalise


class ImportColumn(models.Model):
    """One column of an uploaded table and the field it fills."""

    _name = "ctsp.import.column"
    _description = "Import Column"
    _order = "position"

    job_id = fields.Many2one("ctsp.import.job", required=True, ondelete="cascade", index=True)
    position = fields.Integer(required=True, readonly=True)
    header = fields.Char("Column of the File", required=True, readonly=True)
    sample = fields.Char("First Values", readonly=True)
    target_id = fields.Many2one(
        "ctsp.import.target", "Field", domain="[('job_id', '=', parent.id)]", ondelete="set null")
    hint = fields.Char(related="target_id.hint")

    @api.model
    def _match(self, columns, targets, remembered, synonyms):
        """Return ``{column index: target id}``.

        What was chosen before counts first, then labels, technical names and other usual headers (``synonyms``).
        """
        by_field = {target.field_name: target.id for target in targets}
        chosen = {normalise(line["header"]): by_field.get(line["field"]) for line in remembered}
        labels = {normalise(target.label): target.id for target in targets}
        names = {normalise(target.field_name): target.id for target in targets}
        others = {normalise(header): by_field.get(name) for header, name in synonyms.items()}
        matched = {}
        for known in (chosen, labels, names, others):
            for index, label in columns:
                target = known.get(normalise(label))
                if target and index not in matched and target not in matched.values():
                    matched[index] = target
        return matched

    @api.model
    def _sample(self, rows, index):
        """Return the first three values of the column."""
        found = []
        for _number, cells in rows[:50]:
            try:
                text = coercion.text(cells[index]) if index < len(cells) else ""
            except coercion.CoercionError:
                continue
            if text and text not in found:
                found.append(text[:40])
            if len(found) == 3:
                break
        return " | ".join(found)
