import { Component, onMounted, useExternalListener, useState } from "@odoo/owl";
import { router, routerBus } from "@web/core/browser/router";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useOwnDebugContext } from "@web/core/debug/debug_context";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { ActionContainer } from "@web/webclient/actions/action_container";
import { DeskPassword } from "./desk_password";

const HOME = "ctsp_desk_home";

/** The outside user's web client: header, navigation, and the action in the middle. */
export class DeskClient extends Component {
    static template = "ctsp_base.DeskClient";
    static components = { ActionContainer, Dropdown, DropdownItem, MainComponentsContainer };
    static props = {};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        useService("title").setParts({ desk: session.desk.title });
        useOwnDebugContext({ categories: ["default"] });
        this.desk = session.desk;
        this.entries = session.desk.entries.filter((entry) => entry.in_menu);
        this.state = useState({ current: HOME, menuOpen: false });
        useBus(routerBus, "ROUTE_CHANGE", () => this.loadState());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", ({ detail: mode }) => {
            if (mode !== "new") {
                this.state.current = this.currentAction;
            }
        });
        onMounted(() => {
            this.loadState();
            this.env.bus.trigger("WEB_CLIENT_READY");
        });
        useExternalListener(window, "keydown", (ev) => {
            if (ev.key === "Escape") {
                this.state.menuOpen = false;
            }
        });
    }

    get currentAction() {
        const action = this.action.currentController?.action;
        return action?.id || action?.tag || HOME;
    }

    async loadState() {
        const loaded = router.current.action && (await this.action.loadState().catch(() => false));
        if (!loaded || !this.action.currentController) {
            await this.goHome();
        }
    }

    goHome() {
        return this.open(HOME);
    }

    open(action) {
        this.state.menuOpen = false;
        return this.action.doAction(action, { clearBreadcrumbs: true });
    }

    changePassword() {
        this.dialog.add(DeskPassword);
    }

    signOut() {
        window.location = "/web/session/logout?redirect=/web/login";
    }
}
