import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
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

/** The paper beside its form: as it is stored, or as it would be printed now. The form does not wait for it. */
export class PaperWidget extends Component {
    static template = "ctsp_document.Paper";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ url: "", problem: "" });
        this.last = new KeepLast();
        useEffect(
            () => {
                if (!this.props.record.dirty) {
                    this.look();
                }
            },
            () => [this.props.record.dirty, this.props.record.resId, this.props.record.data.state, this.props.record.data.sign_state]
        );
    }

    /** Ask first: a paper that cannot be set answers with the reason. Of two answers the later question's counts. */
    async look() {
        const id = this.props.record.resId;
        if (!id) {
            return;
        }
        const { file, problem } = await this.last.add(this.ask(id));
        const old = this.state.url;
        Object.assign(this.state, { url: file ? URL.createObjectURL(file) : "", problem: problem || "" });
        if (old) {
            release(old);
        }
    }

    async ask(id) {
        try {
            const response = await fetch(`/ctsp/document/${id}`);
            return response.ok ? { file: await response.blob() } : { problem: await response.text() };
        } catch {
            return { problem: _t("No connection: the paper cannot be shown now.") };
        }
    }

    get src() {
        return viewerUrl(this.state.url);
    }
}

registry.category("view_widgets").add("ctsp_paper", { component: PaperWidget });
