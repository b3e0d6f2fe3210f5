from lxml import etree

from odoo import fields, models

ATTRIBUTES = frozenset({
    "__validate__", "string", "class", "js_class", "create", "edit", "delete", "date_start", "date_stop",
    "actual_start", "actual_stop", "due", "color", "reason", "scale"})
FIELD_ATTRIBUTES = ("date_start", "date_stop", "actual_start", "actual_stop", "due", "color")
ROW_ATTRIBUTES = frozenset({"name", "string", "fields", "text", "model"})


class IrUiView(models.Model):
    """The time view: rows are people or organisations, bars are planned and actual periods.

    ``<ctsp_timeline date_start date_stop actual_start actual_stop due color reason scale>`` holds a ``<field>`` for
    each field that is read, and ``<rows name string fields="a,b" text="c" model>``, one per way of grouping. ``text``:
    what a bar says; ``model``: its empty rows are shown too; ``reason``: the field in which a change is explained.
    """

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("ctsp_timeline", "Timeline")])

    def _get_view_info(self):
        return {"ctsp_timeline": {"icon": "fa fa-align-left"}} | super()._get_view_info()

    def _validate_tag_ctsp_timeline(self, node, name_manager, node_info):
        if not node_info["validate"]:
            return
        children = {child.get("name") for child in node.iterchildren("field")}
        if unknown := set(node.attrib) - ATTRIBUTES:
            self._raise_view_error(self.env._("Timeline: unknown attributes %s.", ", ".join(sorted(unknown))), node)
        for attribute in FIELD_ATTRIBUTES:
            if node.get(attribute) and node.get(attribute) not in children:
                self._raise_view_error(self.env._(
                    "Timeline: “%s” names a field that is not among its fields.", attribute), node)
        if not (node.get("date_start") and node.get("date_stop")):
            self._raise_view_error(self.env._("Timeline: “date_start” and “date_stop” are needed."), node)
        for child in node.iterchildren(tag=etree.Element):
            if child.tag not in ("field", "rows"):
                self._raise_view_error(self.env._("Timeline: “%s” has no place here.", child.tag), child)

    def _validate_tag_rows(self, node, name_manager, node_info):
        if node_info["validate"] and (unknown := set(node.attrib) - ROW_ATTRIBUTES):
            self._raise_view_error(self.env._("Timeline: unknown attributes %s.", ", ".join(sorted(unknown))), node)
