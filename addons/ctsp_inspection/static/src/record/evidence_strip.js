import { Component, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { uuid } from "./record_model";

const MODEL = "ctsp.inspection.evidence";
const ICONS = { voice: "fa-microphone", file: "fa-file-o" };

/** Photos, files and voice notes of a clause: taken in with progress, shown as a gallery. */
export class EvidenceStrip extends Component {
    static template = "ctsp_inspection.EvidenceStrip";
    static props = { model: Object, lineId: Number, evidence: Array, editable: Boolean, missing: Boolean };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.viewer = useFileViewer();
        this.input = useRef("input");
        this.ui = useState({ uploads: [], recorder: null });
        this.icons = ICONS;
        this.canSpeak = Boolean(browser.navigator.mediaDevices && window.MediaRecorder);
    }

    url(row, field) {
        return `/web/${field === "data" ? "content" : "image"}/${MODEL}/${row.id}/${field}`;
    }

    open(row) {
        if (row.kind !== "photo") {
            browser.open(`${this.url(row, "data")}?download=true`, "_blank");
            return;
        }
        const files = this.props.evidence.filter((one) => one.kind === "photo").map((one) => ({
            id: one.id, name: one.file_name, displayName: one.file_name, isImage: true, isViewable: true,
            defaultSource: this.url(one, "shown"), downloadUrl: `${this.url(one, "data")}?download=true`,
        }));
        this.viewer.open(files.find((file) => file.id === row.id), files);
    }

    // ---- taking in ----

    async onFiles(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        const place = await this.whereabouts();
        await Promise.all(files.map((file) => this.upload(file, place)));
    }

    /** Where the device is, when it is allowed to say and knows within three seconds. */
    whereabouts() {
        const geolocation = browser.navigator.geolocation;
        if (!geolocation || !window.isSecureContext) {
            return {};
        }
        return new Promise((resolve) =>
            geolocation.getCurrentPosition(
                ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
                () => resolve({}),
                { timeout: 3000, maximumAge: 60000 }
            )
        );
    }

    async upload(file, place) {
        this.ui.uploads.push({ name: file.name, percent: 0, error: "", file, place, operation: uuid() });
        await this.transfer(this.ui.uploads.at(-1));
    }

    async transfer(upload) {
        Object.assign(upload, { error: "", percent: 0 });
        try {
            const row = await this.post(upload);
            if (!this.props.model.state.evidence.some((one) => one.id === row.id)) {
                this.props.model.state.evidence.push(row);
            }
            this.dismiss(upload);
        } catch (error) {
            upload.error = error.message;
        }
    }

    dismiss(upload) {
        this.ui.uploads = this.ui.uploads.filter((one) => one.operation !== upload.operation);
    }

    post(upload) {
        const form = new FormData();
        const taken = luxon.DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss");
        const values = {
            csrf_token: odoo.csrf_token, line_id: this.props.lineId, operation: upload.operation, taken_at: taken, ...upload.place,
        };
        Object.entries(values).forEach(([name, value]) => form.append(name, value));
        form.append("file", upload.file, upload.file.name);
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open("POST", `/ctsp/inspection/${this.props.model.id}/evidence`);
            request.responseType = "json";
            request.upload.onprogress = (ev) => (upload.percent = Math.round((100 * ev.loaded) / ev.total));
            request.onload = () =>
                request.status === 200
                    ? resolve(request.response)
                    : reject(new Error(request.response?.error || _t("The file could not be sent (%s).", request.status)));
            request.onerror = () => reject(new Error(_t("No connection: the file was not sent.")));
            request.send(form);
        });
    }

    // ---- voice ----

    async speak() {
        if (this.ui.recorder) {
            this.ui.recorder.stop();
            return;
        }
        let stream;
        try {
            stream = await browser.navigator.mediaDevices.getUserMedia({ audio: true });
        } catch {
            this.notification.add(_t("The microphone cannot be used."), { type: "warning" });
            return;
        }
        const recorder = new MediaRecorder(stream);
        const parts = [];
        recorder.ondataavailable = (ev) => parts.push(ev.data);
        recorder.onstop = () => {
            stream.getTracks().forEach((track) => track.stop());
            this.ui.recorder = null;
            const suffix = recorder.mimeType.includes("mp4") ? "m4a" : recorder.mimeType.includes("ogg") ? "ogg" : "webm";
            const name = _t("Voice note %s", luxon.DateTime.now().toFormat("HHmmss"));
            this.upload(new File(parts, `${name}.${suffix}`, { type: recorder.mimeType }), {});
        };
        recorder.start();
        this.ui.recorder = recorder;
    }

    remove(row) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Take away evidence"),
            body: _t("“%s” is deleted for good. After handing in this is no longer possible.", row.file_name),
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await this.orm.unlink(MODEL, [row.id]);
                const { state } = this.props.model;
                state.evidence = state.evidence.filter((one) => one.id !== row.id);
            },
            cancel: () => {},
        });
    }
}
