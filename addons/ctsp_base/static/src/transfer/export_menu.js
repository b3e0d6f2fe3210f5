import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

/** 导出 in the cog menu of a list or kanban view: everything that matches the current search. */
export class ExportMenu extends Component {
    static template = "ctsp_base.ExportMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    open() {
        const { context, domain, resModel } = this.env.searchModel;
        this.action.doAction("ctsp_base.export_wizard_action", {
            additionalContext: { ...context, active_model: resModel, active_ids: [], active_domain: domain },
        });
    }
}

registry.category("cogMenu").add(
    "ctsp-export-menu",
    {
        Component: ExportMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config, searchModel }) =>
            ["kanban", "list"].includes(config.viewType) &&
            (session.ctsp_export_models || []).includes(searchModel.resModel),
    },
    { sequence: 9 }
);
