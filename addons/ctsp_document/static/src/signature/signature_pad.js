import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MIN_INK = 60; // css pixels of stroke: a dot is no signature
const MARGIN = 8;

/** A box to sign in with a finger, a pen or the mouse; the value is a PNG cut to the ink. */
export class SignaturePad extends Component {
    static template = "ctsp_document.SignaturePad";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ signed: false });
        this.strokes = [];
        this.onResize = () => this.paint();
        onMounted(() => {
            this.observer = new ResizeObserver(this.onResize);
            this.observer.observe(this.canvas.el);
        });
        onWillUnmount(() => this.observer.disconnect());
    }

    point(ev) {
        const box = this.canvas.el.getBoundingClientRect();
        return [ev.clientX - box.left, ev.clientY - box.top, ev.pressure || 0.5];
    }

    onDown(ev) {
        if (this.props.readonly || ev.button > 0) {
            return;
        }
        ev.preventDefault();
        this.canvas.el.setPointerCapture(ev.pointerId);
        this.strokes.push([this.point(ev)]);
        this.drawing = true;
    }

    onMove(ev) {
        if (!this.drawing) {
            return;
        }
        const events = ev.getCoalescedEvents?.() || [];
        for (const each of events.length ? events : [ev]) {
            this.strokes.at(-1).push(this.point(each));
        }
        this.paint();
    }

    async onUp() {
        if (!this.drawing) {
            return;
        }
        this.drawing = false;
        this.state.signed = this.ink() >= MIN_INK;
        await this.props.record.update({ [this.props.name]: this.state.signed ? this.image() : false });
    }

    async clear() {
        this.strokes = [];
        this.state.signed = false;
        this.paint();
        await this.props.record.update({ [this.props.name]: false });
    }

    ink() {
        let length = 0;
        for (const stroke of this.strokes) {
            for (let i = 1; i < stroke.length; i++) {
                length += Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]);
            }
        }
        return length;
    }

    paint() {
        const canvas = this.canvas.el;
        const ratio = window.devicePixelRatio || 1;
        canvas.width = canvas.clientWidth * ratio;
        canvas.height = canvas.clientHeight * ratio;
        this.draw(canvas.getContext("2d"), ratio, 0, 0);
    }

    draw(context, ratio, left, top) {
        context.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
        context.lineCap = context.lineJoin = "round";
        context.strokeStyle = "#000";
        for (const stroke of this.strokes) {
            for (let i = 1; i < stroke.length; i++) {
                context.lineWidth = 1.6 + 2.4 * stroke[i][2];
                context.beginPath();
                context.moveTo(stroke[i - 1][0], stroke[i - 1][1]);
                context.lineTo(stroke[i][0], stroke[i][1]);
                context.stroke();
            }
        }
    }

    /** The ink alone, at twice the resolution, as base64 PNG. */
    image() {
        const points = this.strokes.flat();
        const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
        const left = Math.min(...xs) - MARGIN;
        const top = Math.min(...ys) - MARGIN;
        const canvas = document.createElement("canvas");
        canvas.width = 2 * (Math.max(...xs) - left + MARGIN);
        canvas.height = 2 * (Math.max(...ys) - top + MARGIN);
        this.draw(canvas.getContext("2d"), 2, left, top);
        return canvas.toDataURL("image/png").split(",")[1];
    }
}

registry.category("fields").add("ctsp_signature_pad", {
    component: SignaturePad,
    displayName: _t("Signature Pad"),
    supportedTypes: ["binary"],
});
