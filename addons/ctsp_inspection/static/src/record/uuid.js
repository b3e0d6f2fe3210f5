import { browser } from "@web/core/browser/browser";

/** A random UUID, also where the page is not served over https. */
export function uuid() {
    return browser.crypto?.randomUUID
        ? browser.crypto.randomUUID()
        : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
              (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)
          );
}
