import { Component, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const MODEL = "ctsp.inspection.evidence";

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
        this.ui = useState({ recorder: null, seconds: 0 });
        onWillUnmount(() => this.ui.recorder?.stop());
        this.canSpeak = Boolean(browser.navigator.mediaDevices && window.MediaRecorder);
    }

    url(row, field) {
        return `/web/${field === "data" ? "content" : "image"}/${MODEL}/${row.id}/${field}`;
    }

    /** Who took it when and where, and what proves that it is unchanged. */
    about(row) {
        const when = formatDateTime(deserializeDateTime(row.taken_at), { format: "yyyy-MM-dd HH:mm" });
        return [row.file_name, `${row.author} ${when}`, row.place, row.note, `SM3 ${row.digest}`].filter(Boolean).join("\n");
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
        const taken = this.now();
        const place = await this.whereabouts();
        await Promise.all(files.map((file) => this.queue.add(file, this.props.lineId, place, taken)));
    }

    get queue() {
        return this.props.model.queue;
    }

    get uploads() {
        return (this.props.model.state.uploads || []).filter((upload) => upload.line === this.props.lineId);
    }

    /** By the clock of the device, in the form the server reads. */
    now() {
        return luxon.DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss");
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
        const taken = this.now();
        const place = this.whereabouts();
        const recorder = new MediaRecorder(stream);
        const parts = [];
        recorder.ondataavailable = (ev) => parts.push(ev.data);
        recorder.onstop = async () => {
            stream.getTracks().forEach((track) => track.stop());
            browser.clearInterval(this.clock);
            this.ui.recorder = null;
            const suffix = recorder.mimeType.includes("mp4") ? "m4a" : recorder.mimeType.includes("ogg") ? "ogg" : "webm";
            const name = _t("Voice note %s", luxon.DateTime.now().toFormat("HHmmss"));
            const file = new File(parts, `${name}.${suffix}`, { type: recorder.mimeType });
            await this.queue.add(file, this.props.lineId, await place, taken);
        };
        recorder.start();
        Object.assign(this.ui, { recorder, seconds: 0 });
        this.clock = browser.setInterval(() => (this.ui.seconds += 1), 1000);
    }

    get spoken() {
        return luxon.Duration.fromObject({ seconds: this.ui.seconds }).toFormat("m:ss");
    }

    remove(row) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Take away evidence"),
            body: _t("“%s” is deleted for good. After handing in this is no longer possible.", row.file_name),
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await this.orm.unlink(MODEL, [row.id]);
                const { state } = this.props.model;
                this.props.model.turn += 1;
                state.evidence = state.evidence.filter((one) => one.id !== row.id);
            },
            cancel: () => {},
        });
    }
}
