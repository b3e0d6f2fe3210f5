from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.tools import frozendict

# what the action menu of every model with the mixin shows, without a record for each model
MIXIN_ACTIONS = {
    "ctsp.export.mixin": "ctsp_base.export_wizard_action",
    "ctsp.tag.mixin": "ctsp_base.ctsp_tag_wizard_action",
}


class IrActions(models.Model):
    """Shows 导出 and 标签 in the action menu of every model with their mixins."""

    _inherit = "ir.actions.actions"

    @api.model
    @tools.ormcache("model_name", "self.env.lang")
    def _get_bindings(self, model_name):
        bindings = super()._get_bindings(model_name)
        items = [
            self._mixin_item(xml_id) for mixin, xml_id in MIXIN_ACTIONS.items()
            if model_name in self.env.registry.descendants([mixin], "_inherit")
        ]
        return frozendict(bindings | {"action": (*bindings.get("action", ()), *items)}) if items else bindings

    @api.model
    def _mixin_item(self, xml_id):
        # superuser: the right to use the dialog's model decides who sees it, not the right to read actions
        action = self.env.ref(xml_id).sudo()
        return frozendict(action.read(["name", "binding_view_types", "res_model"])[0])


class ServerActions(models.Model):
    """What the timer does is done by the timer: nobody starts it by naming its action."""

    _inherit = "ir.actions.server"

    def run(self):
        # sudo: what it is for, whoever asks; the timer itself is the superuser
        if not self.env.su and any(action.usage == "ir_cron" for action in self.sudo()):
            raise AccessError(self.env._("Scheduled actions are run by the timer only."))
        return super().run()
