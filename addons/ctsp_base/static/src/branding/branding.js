import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { WebClient } from "@web/webclient/webclient";

/** The platform's own name in the browser's title. */
patch(WebClient.prototype, {
    setup() {
        super.setup();
        this.title.setParts({ zopenerp: _t("Clinical Trial Supervision Platform") });
    },
});

/** The user menu keeps what concerns the platform. */
const userMenu = registry.category("user_menuitems");
for (const key of ["support", "odoo_account"]) {
    userMenu.remove(key);
}
