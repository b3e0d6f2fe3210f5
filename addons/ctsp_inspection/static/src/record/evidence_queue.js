import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

import { uuid } from "./uuid";

const DATABASE = "ctsp_evidence";
const STORE = "uploads";
const RETRY = 10000;

/** The browser's own store of files that are not taken in yet; a device without one keeps them for this page only. */
class Store {
    open() {
        this.opening ||= new Promise((resolve, reject) => {
            const request = indexedDB.open(DATABASE, 1);
            request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "operation" });
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
        return this.opening;
    }

    async run(mode, work) {
        const transaction = (await this.open()).transaction(STORE, mode);
        const request = work(transaction.objectStore(STORE));
        return new Promise((resolve, reject) => {
            transaction.oncomplete = () => resolve(request.result);
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
    }
}

/**
 * Photos, files and voice notes on their way to the server.
 *
 * A file is kept in the browser's store from the moment it is chosen until the server has acknowledged it or the person
 * dismissed it: a reload, a crash or a lost connection loses none. It is sent again under its own operation id, so the
 * server takes it in once. `uploads` is reactive: `{operation, line, name, percent, error, waiting}`.
 */
export class EvidenceQueue {
    constructor(inspectionId, state, onTaken) {
        this.id = inspectionId;
        this.state = state;
        this.onTaken = onTaken;
        this.store = new Store();
        this.volatile = new Set(); // could not be stored: lost on leaving
        this.onOnline = () => this.retry();
        browser.addEventListener("online", this.onOnline);
    }

    stop() {
        browser.clearTimeout(this.timer);
        browser.removeEventListener("online", this.onOnline);
    }

    /** Take up what was left from before a reload. */
    async restore() {
        try {
            const kept = await this.store.run("readonly", (store) => store.getAll());
            const mine = kept.filter((row) => row.user === user.userId && row.inspection === this.id);
            for (const row of mine) {
                this.push(row);
            }
        } catch {
            return; // no store in this browser
        }
        await this.retry();
    }

    push(row) {
        this.state.uploads.push({ ...row, percent: 0, error: "", waiting: false });
        return this.state.uploads.at(-1);
    }

    async add(file, line, place, taken) {
        const row = {
            operation: uuid(), user: user.userId, inspection: this.id, line, name: file.name, file, place, taken,
        };
        try {
            await this.store.run("readwrite", (store) => store.put(row));
        } catch {
            this.volatile.add(row.operation);
        }
        await this.send(this.push(row));
    }

    async retry() {
        const ready = this.state.uploads.filter((upload) => !upload.sending && (!upload.error || upload.waiting));
        await Promise.all(ready.map((upload) => this.send(upload)));
    }

    async send(upload) {
        if (upload.sending) {
            return;
        }
        Object.assign(upload, { sending: true, error: "", waiting: false, percent: 0 });
        try {
            const row = await this.post(upload);
            this.onTaken(row);
            await this.dismiss(upload);
        } catch (error) {
            Object.assign(upload, { error: error.message, waiting: Boolean(error.offline) });
            if (upload.waiting) {
                browser.clearTimeout(this.timer);
                this.timer = browser.setTimeout(() => this.retry(), RETRY);
            }
        } finally {
            upload.sending = false;
        }
    }

    async dismiss(upload) {
        this.state.uploads = this.state.uploads.filter((one) => one.operation !== upload.operation);
        if (!this.volatile.delete(upload.operation)) {
            await this.store.run("readwrite", (store) => store.delete(upload.operation)).catch(() => {});
        }
    }

    post(upload) {
        const form = new FormData();
        const values = {
            csrf_token: odoo.csrf_token, line_id: upload.line, operation: upload.operation, taken_at: upload.taken, ...upload.place,
        };
        Object.entries(values).forEach(([name, value]) => form.append(name, value));
        form.append("file", upload.file, upload.name);
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open("POST", `/ctsp/inspection/${this.id}/evidence`);
            request.responseType = "json";
            request.upload.onprogress = (ev) => (upload.percent = Math.round((100 * ev.loaded) / ev.total));
            request.onload = () =>
                request.status === 200 && request.response?.id
                    ? resolve(request.response)
                    : reject(new Error(request.response?.error || _t("The file could not be sent (%s).", request.status)));
            request.onerror = () =>
                reject(Object.assign(new Error(_t("No connection: the file is kept here and sent later.")), { offline: true }));
            request.send(form);
        });
    }
}
