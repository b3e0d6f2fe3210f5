import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { patch } from "@web/core/utils/patch";

// The desk lives under its own address; everything behind it reads as in /odoo.
const DESK = "/my/desk";

patch(router, {
    stateToUrl(state) {
        return super.stateToUrl(state).replace(/^\/odoo(?=\/|\?|$)/, DESK);
    },
    urlToState(url) {
        const inner = new URL(url.href);
        if (inner.pathname.startsWith(DESK)) {
            inner.pathname = `/odoo${inner.pathname.slice(DESK.length)}`;
        }
        return super.urlToState(inner);
    },
});

// The router read the address before it knew about the desk.
router.replaceState(router.urlToState(new URL(browser.location)));
