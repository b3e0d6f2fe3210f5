from functools import partial

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools.masking import mask

from ..tools import diff


class InstitutionVersion(models.Model):
    """Shows versions to people: a version by itself, and two side by side."""

    _inherit = "ctsp.institution.version"

    content_html = fields.Html("Content", compute="_compute_content_html", sanitize=False)
    changes_html = fields.Html("Changes from the Version Before", compute="_compute_changes_html", sanitize=False)

    @api.depends("content")
    @api.depends_context("lang", "uid")
    def _compute_content_html(self):
        for version in self:
            version.content_html = version._render(version.browse(), version, only_changes=False)

    @api.depends("content")
    @api.depends_context("lang", "uid")
    def _compute_changes_html(self):
        for version in self:
            previous = version._previous()
            version.changes_html = version._render(previous, version, only_changes=True) if previous else False

    @api.model
    def _compare(self, left, right):
        """Return the ``tools.diff.NodeDiff`` of two versions, either of which may be empty."""
        # the personal part is closed to everybody; what is shown of it is decided in ``_shown``
        closed_left, closed_right = left.sudo(), right.sudo()
        return diff.compare(
            left.content or None, right.content or None, closed_left.personal, closed_right.personal)

    @api.model
    def _render(self, left, right, only_changes=True):
        """Return the difference of two versions as escaped HTML; ``left`` may be empty (one column then)."""
        result = self._compare(left, right)
        shown = set()
        section = self._section(result, only_changes, shown)
        if shown:
            self.env["ctsp.audit.port"]._log("personal.read", left | right, fields=sorted(shown))
        return self.env["ir.qweb"]._render("ctsp_institution.version_diff", {
            "left": left, "right": right, "section": section, "only_changes": only_changes,
            "changed_count": result.changed_count,
        })

    def _section(self, node, only_changes, shown):
        """Return one record of the difference as the template wants it: labels and texts in the user's language."""
        model = self.env.get(node.model)
        rows = [self._row(model, field, shown) for field in sorted(node.fields, key=partial(self._position, model))
                if self._is_shown(field.status, only_changes)
                and not (diff.is_nothing(field.left) and diff.is_nothing(field.right))]
        groups = []
        for name, nodes in node.children:
            sections = [self._section(child, only_changes, shown) for child in nodes
                        if self._is_shown(child.status, only_changes)]
            if sections:
                groups.append({"label": self._label(model, name), "sections": sections})
        return {"name": node.name, "status": node.status, "rows": rows, "groups": groups}

    @staticmethod
    def _position(model, field):
        """Return where a field stands: in the order of its model, those that are gone at the end."""
        definition = model._fields.get(field.name) if model is not None else None
        return (definition is None, definition._sequence if definition else 0, field.name)

    @staticmethod
    def _is_shown(status, only_changes):
        return not only_changes or status != diff.SAME

    def _row(self, model, field, shown):
        left, right = (self._shown(model, field, value, shown) for value in (field.left, field.right))
        return {"label": self._label(model, field.name), "left": left, "right": right, "status": field.status}

    def _label(self, model, name):
        field = model is not None and model._fields.get(name)
        return field._description_string(self.env) if field else name  # a field removed since keeps its name

    def _shown(self, model, field, value, shown):
        """Return the text of a value; a personal one is masked for whoever may not read it in clear."""
        if not field.personal or diff.is_nothing(value):
            return self._text(model, field.name, value)
        definition = model._fields.get(field.name) if model is not None else None
        if definition and model._has_field_access(definition, "read"):
            shown.add(field.name)
            return self._text(model, field.name, value)
        return mask(getattr(model, "_personal_fields", {}).get(field.name, "text"), value)

    def _text(self, model, name, value):
        """Return a value of a snapshot as people read it."""
        if value is True or value is False:
            return self.env._("Yes") if value else self.env._("No")
        if value is None or value == []:
            return ""
        if isinstance(value, list):
            return "、".join(pair[1] for pair in value) if isinstance(value[0], list) else value[1]
        field = model._fields.get(name) if model is not None else None
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)
