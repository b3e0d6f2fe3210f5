import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LOOK = 2000;

/** How far work on the record is; the form is read again and again until it hides this. */
export class Waiting extends Component {
    static template = "ctsp_dataset.Waiting";
    static props = { ...standardWidgetProps, percent: String, text: { type: String, optional: true } };

    setup() {
        let timer = null;
        let gone = false;
        const look = async () => {
            // a failed look (no network) is tried again, silently
            await this.props.record.load().catch(() => {});
            if (!gone) {
                timer = browser.setTimeout(look, LOOK);
            }
        };
        onMounted(() => (timer = browser.setTimeout(look, LOOK)));
        onWillUnmount(() => {
            gone = true;
            browser.clearTimeout(timer);
        });
    }

    get percent() {
        return this.props.record.data[this.props.percent] || 0;
    }

    get text() {
        return (this.props.text && this.props.record.data[this.props.text]) || "";
    }
}

registry.category("view_widgets").add("ctsp_dataset_waiting", {
    component: Waiting,
    extractProps: ({ attrs }) => ({ percent: attrs.percent, text: attrs.text }),
});
