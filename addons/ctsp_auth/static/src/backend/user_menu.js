import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** One's certificates, one-time codes and sessions: the same page for people of the platform and of institutions. */
registry.category("user_menuitems").add("ctsp_account_security", () => ({
    type: "item",
    id: "ctsp_account_security",
    description: _t("Account Security"),
    callback: () => browser.location.assign("/ctsp/outside/security"),
    sequence: 55,
}));
