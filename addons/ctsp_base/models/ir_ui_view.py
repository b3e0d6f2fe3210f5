from odoo import models

from ..tools.personal import MASKED_GROUPS, SUFFIX, is_personal

# what the masked node takes over from the node it stands in for
COPIED = ("string", "nolabel", "colspan", "class", "optional", "invisible", "column_invisible", "groups")
VIEW_TYPES = ("form", "list", "kanban")


class IrUiView(models.Model):
    """Views name a personal field alone; who may not read it in clear is shown the masked companion in its place."""

    _inherit = "ir.ui.view"

    def _postprocess_tag_field(self, node, name_manager, node_info):
        masked = self._masked_twin(node, "name", name_manager, node_info)
        result = super()._postprocess_tag_field(node, name_manager, node_info)
        if masked is not None:
            self._place_masked(node, masked, name_manager, node_info, super()._postprocess_tag_field)
        return result

    def _postprocess_tag_label(self, node, name_manager, node_info):
        masked = self._masked_twin(node, "for", name_manager, node_info)
        result = super()._postprocess_tag_label(node, name_manager, node_info)
        if masked is not None:
            self._place_masked(node, masked, name_manager, node_info, super()._postprocess_tag_label)
        return result

    def _masked_twin(self, node, key, name_manager, node_info):
        """Return a node for the masked companion of the field named by ``node[key]``, None where none is due."""
        model = name_manager.model
        field = model._fields.get(node.get(key))
        if node_info["view_type"] not in VIEW_TYPES or field is None or node.getparent() is None:
            return None
        name = field.name + SUFFIX
        if name not in model._fields or not is_personal(self.pool, field):
            return None
        if any(sibling.get(key) == name for sibling in node.getparent()):
            return None  # the author placed it himself
        twin = node.makeelement(node.tag, {key: name})
        for attribute in COPIED:
            if node.get(attribute) is not None:
                twin.set(attribute, node.get(attribute))
        return twin

    def _place_masked(self, node, masked, name_manager, node_info, postprocess):
        definitions = self.env["res.groups"]._get_group_definitions()
        hidden = definitions.parse(MASKED_GROUPS)
        info = dict(
            node_info,
            model_groups=name_manager.model_groups,
            view_groups=node_info["view_groups"] & hidden,
        )
        node.addnext(masked)
        postprocess(masked, name_manager, info)
        masked.set("__groups_key__", (info["model_groups"] & info["view_groups"]).key)
        self._postprocess_attributes(masked, name_manager, info)
