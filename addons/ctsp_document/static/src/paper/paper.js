import { Component, onWillStart, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";

/** Address that shows the PDF at `url` in the viewer. */
export function viewerUrl(url) {
    return `${VIEWER}?file=${encodeURIComponent(url)}#zoom=page-width&pagemode=none`;
}

/** Give a file back once no viewer can still be loading it. */
export function release(url) {
    setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** The paper beside its form: as it is stored, or as it would be printed now. */
export class PaperWidget extends Component {
    static template = "ctsp_document.Paper";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ stamp: 0, problem: "" });
        onWillStart(() => this.look());
        useEffect(
            () => {
                if (!this.props.record.dirty) {
                    this.look();
                }
            },
            () => [this.props.record.dirty, this.props.record.resId, this.props.record.data.state, this.props.record.data.sign_state]
        );
    }

    /** Ask first: a paper that cannot be set answers with the reason. */
    async look() {
        const id = this.props.record.resId;
        if (!id) {
            return;
        }
        const response = await fetch(`/ctsp/document/${id}`);
        if (response.ok) {
            const old = this.state.url;
            this.state.url = URL.createObjectURL(await response.blob());
            this.state.problem = "";
            if (old) {
                release(old);
            }
        } else {
            this.state.problem = await response.text();
        }
    }

    get src() {
        return viewerUrl(this.state.url);
    }
}

registry.category("view_widgets").add("ctsp_paper", { component: PaperWidget });
