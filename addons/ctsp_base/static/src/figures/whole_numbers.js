/** What is counted has no halves: the axis of a chart whose figures are all whole shows whole numbers only. */
import { patch } from "@web/core/utils/patch";
import { GraphRenderer } from "@web/views/graph/graph_renderer";

patch(GraphRenderer.prototype, {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        const { data, metaData } = this.model;
        if (scales.y && data.datasets.every((dataset) => dataset.data.every(Number.isInteger))) {
            const format = metaData.fieldAttrs[metaData.measure]?.widget;
            scales.y.ticks.precision = 0;
            scales.y.ticks.callback = (value) => this.formatValue(value, true, format);
        }
        return scales;
    },
});
