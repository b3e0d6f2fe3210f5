import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks why something that was published is changed. */
export class TimelineReason extends Component {
    static template = "ctsp_plan.TimelineReason";
    static components = { Dialog };
    static props = { close: Function, confirm: Function, message: String };

    setup() {
        this.state = useState({ reason: "" });
        this.input = useRef("autofocus");
        useAutofocus();
    }

    async confirm() {
        const reason = this.state.reason.trim();
        if (!reason) {
            this.input.el.focus();
            return;
        }
        this.props.confirm(reason);
        this.props.close();
    }
}
