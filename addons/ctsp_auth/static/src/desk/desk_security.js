import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { DeskClient } from "@ctsp_base/desk/desk_client";

patch(DeskClient.prototype, {
    openSecurity() {
        browser.location.assign("/ctsp/outside/security");
    },
});
