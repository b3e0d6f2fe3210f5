import { Component } from "@odoo/owl";
import { importRecordsItem } from "@base_import/import_records/import_records";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { session } from "@web/session";

const IMPORT_MODELS = session.ctsp_import_models || [];
const IMPORT_PARTS = session.ctsp_import_parts || {};
const EXPORT_MODELS = session.ctsp_export_models || [];

/** 导入 in the cog menu of a list or kanban view, for its rows and for the parts of these. */
export class ImportMenu extends Component {
    static template = "ctsp_base.ImportMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    get mayImport() {
        return IMPORT_MODELS.includes(this.env.searchModel.resModel);
    }

    get parts() {
        return IMPORT_PARTS[this.env.searchModel.resModel] || [];
    }

    open(resModel) {
        this.action.doAction("ctsp_base.import_start_action", {
            additionalContext: { default_res_model: resModel },
        });
    }
}

const cogMenu = registry.category("cogMenu");

cogMenu.add(
    "ctsp-import-menu",
    {
        Component: ImportMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config, searchModel }) =>
            ["kanban", "list"].includes(config.viewType) &&
            (IMPORT_MODELS.includes(searchModel.resModel) || searchModel.resModel in IMPORT_PARTS),
    },
    { sequence: 8 }
);

// data of the platform has one way in: Odoo's own import is offered for the rest only
cogMenu.add(
    "import-menu",
    {
        ...importRecordsItem,
        isDisplayed: (env) =>
            ![...IMPORT_MODELS, ...EXPORT_MODELS].includes(env.searchModel?.resModel) &&
            importRecordsItem.isDisplayed(env),
    },
    { sequence: 1, force: true }
);
