import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { preferencesItem } from "@web/webclient/user_menu/user_menu_items";
import { WebClient } from "@web/webclient/webclient";

/** The platform's own name in the browser's title. */
patch(WebClient.prototype, {
    setup() {
        super.setup();
        this.title.setParts({ zopenerp: _t("Clinical Trial Supervision Platform") });
    },
});

/** The user menu and the tray keep what concerns the platform: no help pages, accounts or chat of others. */
const NOISE = {
    user_menuitems: ["support", "odoo_account", "shortcuts", "im_status"],
    systray: ["mail.messaging_menu", "discuss.CallMenu", "SwitchCompanyMenu"],
};
for (const [category, keys] of Object.entries(NOISE)) {
    for (const key of keys) {
        registry.category(category).remove(key);
    }
}

registry
    .category("user_menuitems")
    .add("preferences", (env) => ({ ...preferencesItem(env), description: _t("My Preferences") }), { force: true });
