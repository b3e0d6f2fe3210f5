/** @odoo-module ignore */
/**
 * The panel that reads certificates and signs a challenge: on the sign-in page, as second factor, and for binding.
 * Its place: <div data-ctsp-panel="sign-in|second|bind" data-ctsp-url="where the answer goes"> (template key_panel).
 */
(function () {
    "use strict";

    async function call(url, params) {
        const answer = await fetch(url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
        });
        const body = await answer.json();
        if (body.error) {
            throw new Error("refused");
        }
        return body.result;
    }

    class Panel {
        constructor(place) {
            this.place = place;
            this.purpose = place.dataset.ctspPanel;
            this.url = place.dataset.ctspUrl;
            this.texts = place.querySelector("[data-ctsp-text]").dataset;
            this.on("[name=adapter]", "change", () => this.chooseAdapter());
            this.on("[name=key_file]", "change", () => this.read());
            this.on("[data-ctsp-read]", "click", () => this.read());
            this.on("[data-ctsp-go]", "click", () => this.go());
            this.chooseAdapter();
        }

        find(selector) {
            return this.place.querySelector(selector);
        }

        on(selector, event, act) {
            this.find(selector)?.addEventListener(event, act);
        }

        get adapter() {
            return CtspKeys.get(this.find("[name=adapter]").value);
        }

        chooseAdapter() {
            const software = this.find("[name=adapter]").value === "software";
            this.find("[data-ctsp-file]").classList.toggle("d-none", !software);
            this.find("[data-ctsp-read]").classList.toggle("d-none", software);
            this.show([]);
        }

        show(certificates) {
            const list = this.find("[name=certificate]");
            list.replaceChildren(...certificates.map((one) => new Option(one.label || one.id, one.id)));
            this.certificates = certificates;
            this.find("[data-ctsp-found]").classList.toggle("d-none", !certificates.length);
            this.find("[data-ctsp-go]").disabled = !certificates.length;
        }

        say(text) {
            const alert = this.find("[role=alert]");
            alert.textContent = text || "";
            alert.classList.toggle("d-none", !text);
        }

        async read() {
            this.say("");
            try {
                const found = await this.adapter.certificates(this.find("[name=key_file]")?.files[0]);
                this.show(found);
                if (!found.length) {
                    this.say(this.texts.none);
                }
            } catch {
                this.show([]);
                this.say(this.texts.unreadable);
            }
        }

        async go() {
            const button = this.find("[data-ctsp-go]");
            button.disabled = true;
            this.say("");
            try {
                const chosen = this.certificates.find((one) => one.id === this.find("[name=certificate]").value);
                const asked = await call("/ctsp/auth/challenge", { purpose: this.purpose });
                const signature = await this.adapter.sign(chosen.id, asked.message);
                const answer = { ...asked, certificate: chosen.certificate, signature };
                const redirect = new URLSearchParams(location.search).get("redirect") || "";
                const result = await call(this.url, { answer, redirect });
                if (result.url) {
                    location.assign(result.url);
                    return;
                }
                this.say(result.error);
            } catch {
                this.say(this.texts.failed);
            }
            button.disabled = false;
        }
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-ctsp-panel]").forEach((place) => new Panel(place));
        // the ways to sign in, as tabs; the last one chosen is remembered
        const tabs = document.querySelectorAll("[data-ctsp-way]");
        const choose = (way) => {
            tabs.forEach((tab) => {
                tab.classList.toggle("active", tab.dataset.ctspWay === way);
                tab.setAttribute("aria-selected", tab.dataset.ctspWay === way);
            });
            document.querySelectorAll("[data-ctsp-pane]").forEach((pane) => {
                pane.classList.toggle("d-none", pane.dataset.ctspPane !== way);
            });
            localStorage.setItem("ctsp_sign_in", way);
        };
        tabs.forEach((tab) => tab.addEventListener("click", () => choose(tab.dataset.ctspWay)));
        if (tabs.length) {
            choose(localStorage.getItem("ctsp_sign_in") === "certificate" ? "certificate" : "password");
        }
    });
})();
