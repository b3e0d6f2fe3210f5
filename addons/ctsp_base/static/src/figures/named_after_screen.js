/** A figure of a table or chart opens its records, and is downloaded, under the name of the screen: not “Untitled”. */
import { patch } from "@web/core/utils/patch";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";

const named = () => ({
    setup() {
        super.setup(...arguments);
        const { metaData } = this.model;
        metaData.title = this.env.config.getDisplayName?.() || metaData.title;
    },
});

patch(PivotRenderer.prototype, named());
patch(GraphRenderer.prototype, named());
