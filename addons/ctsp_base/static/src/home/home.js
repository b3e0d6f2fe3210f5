import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Icon and colour of a tile, by xml id of its root menu: { icon: "fa-…", tone: 1–6 }.
 * Addons add theirs with registry.category("ctsp_home_tiles").add("addon.menu", {…}).
 */
export const tiles = registry.category("ctsp_home_tiles");
tiles
    .add("ctsp_base.menu_root_registry", { icon: "fa-hospital-o", tone: 1 })
    .add("ctsp_base.menu_root_inspection", { icon: "fa-search", tone: 2 })
    .add("ctsp_base.menu_root_risk", { icon: "fa-exclamation-triangle", tone: 3 })
    .add("ctsp_base.menu_root_analysis", { icon: "fa-bar-chart", tone: 4 })
    .add("ctsp_base.menu_root_dictionary", { icon: "fa-book", tone: 5 })
    .add("ctsp_base.menu_root_admin", { icon: "fa-cogs", tone: 6 });

const LINKS = 6;

/** Home screen: what waits for the user, and the platform's menus that his roles open. */
export class Home extends Component {
    static template = "ctsp_base.Home";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.menu = useService("menu");
        this.orm = useService("orm");
        this.state = useState({ data: null });
        this.env.config.setDisplayName(_t("Home"));
        onWillStart(() => this.load());
        useBus(useService("ctsp_todo_news").changes, "todo", () => this.load());
    }

    async load() {
        this.state.data = await this.orm.silent.call("ctsp.home", "home_data");
    }

    get today() {
        return luxon.DateTime.now().setLocale("zh").toLocaleString({
            year: "numeric", month: "long", day: "numeric", weekday: "long",
        });
    }

    get apps() {
        return this.menu
            .getApps()
            .filter((app) => app.xmlid !== "ctsp_base.menu_root_home")
            .map((app) => {
                const leaves = this.leaves(this.menu.getMenuAsTree(app.id));
                const tile = tiles.get(app.xmlid, { icon: "fa-th-large", tone: 6 });
                return { ...tile, menu: app, links: leaves.slice(0, LINKS), more: leaves.length - LINKS };
            });
    }

    /** The menus with an action below `tree`, in order. */
    leaves(tree) {
        return tree.childrenTree.flatMap((child) =>
            child.childrenTree.length ? this.leaves(child) : child.actionID ? [child] : []
        );
    }

    get greeting() {
        const hour = luxon.DateTime.now().hour;
        const { name } = this.state.data;
        if (hour < 12) {
            return _t("Good morning, %s", name);
        }
        return hour < 18 ? _t("Good afternoon, %s", name) : _t("Good evening, %s", name);
    }

    openMenu(menu) {
        return this.menu.selectMenu(menu);
    }

    openCard(card) {
        return this.action.doAction(card.action);
    }
}

registry.category("actions").add("ctsp_home", Home);
