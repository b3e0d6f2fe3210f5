import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { isoOf, placed, ticks } from "./timeline_layout";

const LANE = 30;
const DRAG_FROM = 4;
const WEEKDAYS = "日一二三四五六";

/** Draws rows and bars; bars are moved with the mouse or with Alt + arrow keys. */
export class TimelineRenderer extends Component {
    static template = "ctsp_plan.TimelineRenderer";
    static props = { model: Object, canEdit: Boolean, openRecord: Function, moveBar: Function };

    setup() {
        this.root = useRef("root");
        this.drag = useState({ id: 0, row: 0, offset: 0, edge: "" });
        this.lane = LANE;
    }

    get model() {
        return this.props.model;
    }

    get ticks() {
        return ticks(this.model.period, this.model.scale).map((tick) => ({
            ...tick,
            style: this.style(tick.day, tick.day + tick.span - 1),
            label: this.tickLabel(tick),
            title: isoOf(tick.day),
            off: this.model.scale === "month" && isoOf(tick.day) in this.model.daysOff,
        }));
    }

    tickLabel({ month, date, weekday }) {
        if (this.model.scale === "year") {
            return _t("Month %s", month);
        }
        return this.model.scale === "month" ? `${date} ${WEEKDAYS[weekday]}` : `${month}/${date}`;
    }

    /** Neighbouring days off as one shade each. */
    get shades() {
        const shades = [];
        const [first, last] = this.model.period;
        for (let day = first; day <= last; day++) {
            const name = this.model.daysOff[isoOf(day)];
            if (name === undefined) {
                continue;
            }
            const before = shades.at(-1);
            if (before && before.stop === day - 1) {
                before.stop = day;
                before.name = before.name || name;
            } else {
                shades.push({ start: day, stop: day, name });
            }
        }
        return shades.map((shade) => ({ ...shade, style: this.style(shade.start, shade.stop) }));
    }

    get todayStyle() {
        const { today, period } = this.model;
        return today >= period[0] && today <= period[1] ? this.style(today, today) : "";
    }

    style(start, stop, lane = null) {
        const place = placed(start, stop, this.model.period);
        const top = lane === null ? "" : `top:${lane * LANE + 4}px;`;
        return place ? `left:${place.left}%;width:${place.width}%;${top}` : "display:none";
    }

    rowStyle(row) {
        return `height:${row.lanes * LANE + 6}px`;
    }

    barStyle(bar, row) {
        let { start, stop } = bar;
        if (this.drag.id === bar.id && this.drag.row === row.key) {
            start += this.drag.edge === "stop" ? 0 : this.drag.offset;
            stop += this.drag.edge === "start" ? 0 : this.drag.offset;
        }
        return this.style(start, Math.max(start, stop), bar.lane);
    }

    actualStyle(bar) {
        const stop = bar.actualStop ?? Math.max(bar.actualStart, Math.min(this.model.today, bar.actualStart + 60));
        return this.style(bar.actualStart, stop, bar.lane);
    }

    dueStyle(bar) {
        return this.style(bar.due, bar.due, bar.lane);
    }

    barClass(bar) {
        const late = bar.due !== null && bar.due < this.model.today && ["waiting", "assigned"].includes(bar.color);
        return `o_ctsp_bar_${bar.color}${bar.planned ? "" : " o_ctsp_bar_unplanned"}${late ? " o_ctsp_bar_late" : ""}`;
    }

    barLabel(bar) {
        const days = bar.planned ? `${isoOf(bar.start)} – ${isoOf(bar.stop)}` : _t("no days planned");
        const due = bar.due === null ? "" : _t("due %s", isoOf(bar.due));
        return [bar.record.display_name, this.stateLabel(bar), days, due].filter(Boolean).join("，");
    }

    stateLabel(bar) {
        const field = this.model.fields[this.model.archInfo.names.color];
        return (field?.selection || []).find(([code]) => code === bar.color)?.[1] || "";
    }

    movable(bar) {
        return this.props.canEdit && ["waiting", "assigned"].includes(bar.color);
    }

    // ---- mouse -----------------------------------------------------------------------------------------------

    onPointerDown(ev, bar, row, edge = "") {
        if (ev.button !== 0 || !this.movable(bar)) {
            return;
        }
        const track = ev.target.closest(".o_ctsp_track");
        const [first, last] = this.model.period;
        const day = track.clientWidth / (last - first + 1);
        const from = ev.clientX;
        const move = (next) => {
            const offset = Math.round((next.clientX - from) / day);
            if (Math.abs(next.clientX - from) > DRAG_FROM && (offset || this.drag.id)) {
                Object.assign(this.drag, { id: bar.id, row: row.key, offset, edge });
            }
        };
        const stop = () => {
            window.removeEventListener("pointermove", move);
            window.removeEventListener("pointerup", stop);
            const { id, offset } = this.drag;
            this.dragged = Boolean(id);
            Object.assign(this.drag, { id: 0, row: 0, offset: 0, edge: "" });
            if (id && offset) {
                this.moveBy(bar, offset, edge);
            }
        };
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", stop);
        ev.preventDefault();
        ev.currentTarget.closest(".o_ctsp_bar").focus();
    }

    onClick(bar) {
        if (this.dragged) {
            this.dragged = false;
            return;
        }
        this.props.openRecord(bar);
    }

    moveBy(bar, offset, edge) {
        const start = bar.start + (edge === "stop" ? 0 : offset);
        const stop = bar.stop + (edge === "start" ? 0 : offset);
        if (stop >= start) {
            this.props.moveBar(bar, start, stop);
        }
    }

    // ---- keyboard --------------------------------------------------------------------------------------------

    /** Alt + ←/→ moves by a day, with Shift only the end; ↑/↓ go to the bar of the row above or below. */
    onKeydown(ev, bar) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[ev.key];
        if (step && ev.altKey) {
            ev.preventDefault();
            if (this.movable(bar)) {
                this.moveBy(bar, step, ev.shiftKey ? "stop" : "");
            }
        } else if (step || ["ArrowUp", "ArrowDown"].includes(ev.key)) {
            ev.preventDefault();
            const bars = [...this.root.el.querySelectorAll(".o_ctsp_bar")];
            const row = (element) => element.closest(".o_ctsp_row");
            const here = bars.indexOf(ev.target);
            const down = ev.key === "ArrowDown";
            const next = step
                ? bars[here + step]
                : down
                  ? bars.slice(here).find((element) => row(element) !== row(ev.target))
                  : bars.slice(0, here).reverse().find((element) => row(element) !== row(ev.target));
            next?.focus();
        }
    }
}
