from lxml import etree

from odoo import api, models
from odoo.tools.safe_eval import safe_eval

from ..tools.export_reader import NOT_EXPORTED


class ExportMixin(models.AbstractModel):
    """Export to xlsx and csv by named profiles; see docs/kernel.md.

    A model that inherits it shows 导出 in its lists and forms. Nothing has to be declared.
    """

    _name = "ctsp.export.mixin"
    _description = "Export Mixin"

    @api.model
    def _export_default_paths(self):
        """Hook: return the field paths exported when no profile is chosen. The default list view's by default."""
        arch = etree.fromstring(self.get_view(view_type="list")["arch"])
        nodes = [node for node in arch.iterchildren("field") if self._is_exported_node(node)]
        return list(dict.fromkeys(self._export_path(node.get("name")) for node in nodes)) or ["display_name"]

    @api.model
    def _export_path(self, name):
        """Return the field a masked companion stands for: each reader gets what he may see of it."""
        plain = name.removesuffix("_masked")
        return plain if plain in getattr(self, "_personal_fields", {}) else name

    @api.model
    def _is_exported_node(self, node):
        hidden = node.get("column_invisible") in ("1", "True", "true") or node.get("optional") == "hide"
        field = self._fields.get(node.get("name"))
        return not hidden and node.get("widget") != "handle" and field is not None and field.type not in NOT_EXPORTED

    @api.model
    def _export_domain(self, text):
        """Return the domain the web client sent as text or list; only literals are evaluated."""
        return safe_eval(text, {}) if isinstance(text, str) else list(text or [])
