import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { downloadFile } from "@web/core/network/download";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const COLORS = ["#1f6fb2", "#2c7a3f", "#b35c00", "#7a4fa3", "#0f8a8a", "#8a6d3b"];
const TONES = { good: "#2c7a3f", fair: "#d98300", bad: "#b02a37", calm: "#1f6fb2" };

/** One chart; a click opens the records behind it. */
class OverviewChart extends Component {
    static template = "ctsp_plan.OverviewChart";
    static props = { chart: Object, open: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.drawing = null;
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.drawing?.destroy());
    }

    get isEmpty() {
        return this.props.chart.series.every((series) => series.data.every((value) => !value));
    }

    color(place) {
        const tone = this.props.chart.tones?.[place];
        return tone ? TONES[tone] : COLORS[place % COLORS.length];
    }

    draw() {
        this.drawing?.destroy();
        this.drawing = null;
        if (this.isEmpty || !this.canvas.el) {
            return;
        }
        const { type, labels, series, stacked } = this.props.chart;
        const round = type === "doughnut";
        const axis = { stacked: Boolean(stacked), beginAtZero: true, ticks: { precision: type === "line" ? 1 : 0 } };
        this.drawing = new Chart(this.canvas.el, {
            type,
            data: {
                labels,
                datasets: series.map(({ label, data }, place) => ({
                    label,
                    data,
                    backgroundColor: round ? labels.map((_label, index) => this.color(index)) : this.color(place),
                    borderColor: round ? "#fff" : this.color(place),
                    tension: 0.2,
                })),
            },
            options: {
                responsive: true,
                maintainAspectRatio: false,
                animation: false,
                plugins: { legend: { position: "bottom" } },
                scales: round ? {} : { x: { stacked: Boolean(stacked), grid: { display: false } }, y: axis },
                onClick: () => this.props.open(this.props.chart.action),
            },
        });
    }
}

/** The year of inspections on one page, for leaders. */
export class Overview extends Component {
    static template = "ctsp_plan.Overview";
    static components = { Layout, OverviewChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ data: null });
        this.env.config.setDisplayName(_t("Overview of Inspections"));
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
    }

    async load(year = null) {
        this.state.data = await this.orm.call("ctsp.inspection.overview", "overview_data", [], { year });
    }

    open(action) {
        return this.action.doAction(action);
    }

    shown(figure) {
        return figure.value === null ? "—" : `${figure.value.toLocaleString("zh-CN")}`;
    }

    /** How the figure changed since last year: { text, tone }. */
    change({ value, before, better }) {
        if (value === null || before === null) {
            return { text: _t("no figure last year"), tone: "muted" };
        }
        const difference = Math.round((value - before) * 10) / 10;
        if (!difference) {
            return { text: _t("as last year"), tone: "muted" };
        }
        const good = better === null ? null : difference > 0 === better;
        return {
            text: `${difference > 0 ? "▲" : "▼"} ${Math.abs(difference).toLocaleString("zh-CN")}`,
            tone: good === null ? "muted" : good ? "success" : "danger",
        };
    }

    print() {
        window.print();
    }

    async save() {
        const { year } = this.state.data;
        const { name, content } = await this.orm.call("ctsp.inspection.overview", "overview_xlsx", [], { year });
        const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
        downloadFile(bytes, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    }
}

registry.category("actions").add("ctsp_inspection_overview", Overview);
