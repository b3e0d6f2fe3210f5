from odoo import models

from odoo.addons.ctsp_base.tools.masking import mask


class ProposalMixin(models.AbstractModel):
    """The words of a comparison: one proposal row against its registry record."""

    _inherit = "ctsp.proposal.mixin"

    def _row_diff(self):
        """Return what this row changes as ``{"op", "title", "fields"}``, None when it changes nothing."""
        self.ensure_one()
        operation = self._row_operation()
        if operation == "keep":
            return None
        row = {"op": operation, "title": self._row_title(), "fields": []}
        if operation != "remove":
            conflicts = set(self._conflicting_names())
            row["fields"] = [self._field_diff(name, name in conflicts) for name in self._changed_names()]
        elif self._target_gone():
            row["fields"] = [self._field_diff("removal", True)]
        return row

    def _row_operation(self):
        if "operation" in self._fields:
            return self.operation
        if not self[self._proposal_target]:
            return "add"
        return "change" if self._changed_names() else "keep"

    def _label_of(self, name):
        """Return the label of a field in the reader's language."""
        return self._fields[name].get_description(self.env, ["string"])["string"]

    def _row_title(self):
        return self.display_name

    def _target_gone(self):
        """Say whether the registry record was archived or cancelled meanwhile."""
        target = self[self._proposal_target]
        return bool(target) and (
            ("active" in target._fields and not target.active)
            or ("state" in target._fields and target.state == "cancelled"))

    def _field_diff(self, name, conflict):
        target = self[self._proposal_target]
        return {
            "model": self._name, "name": name,
            "old": self._old_words(target, name) if target else "",
            "new": self._words(self, name),
            "conflict": conflict or self._target_gone(),
        }

    def _old_words(self, target, name):
        """Return the registry's value in words."""
        name = self._proposal_links.get(name, name)
        return self._words(target, name) if name in target._fields else ""

    def _words(self, record, name):
        """Return a value as a reader wants it; personal data masked, files by name."""
        field = record._fields[name]
        if self._is_personal_proposal(name):
            masked = f"{name}_masked"
            return (record[masked] if masked in record._fields else mask("text", record[name])) or ""
        if field.type == "binary":
            filename = self._proposal_files.get(name)
            return record[filename] or "" if filename and filename in record._fields else ""
        value = record[name]
        if field.type in ("many2one", "many2many", "one2many"):
            return "、".join(value.mapped("display_name"))
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return "" if value is False or value is None else str(value)
