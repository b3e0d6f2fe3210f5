import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The leader's part: what is proposed for each object and why, what is decided, what follows, the account. */
export class ConclusionPanel extends Component {
    static template = "ctsp_inspection.ConclusionPanel";
    static props = { model: Object };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState(this.props.model.state);
        this.ui = useState({ busy: 0 });
        this.whyUnsound = _t("Why it is not sound (required)");
        this.whySound = _t("What shows that it is sound");
    }

    get leads() {
        return this.state.inspection.is_leader;
    }

    label(code) {
        return Object.fromEntries(this.state.codes.conclusions)[code] || "";
    }

    async run(work) {
        this.ui.busy += 1;
        this.props.model.turn += 1;
        try {
            await work();
            await this.props.model.look();
        } finally {
            this.ui.busy -= 1;
        }
    }

    propose() {
        return this.run(async () => {
            await this.props.model.flush();
            await this.orm.call("ctsp.inspection", "action_propose", [[this.props.model.id]]);
        });
    }

    write(row, values) {
        Object.assign(row, values);
        return this.run(() => this.orm.write("ctsp.inspection.conclusion", [row.id], values));
    }

    writeInspection(values) {
        Object.assign(this.state.inspection, values);
        return this.run(() => this.orm.write("ctsp.inspection", [this.props.model.id], values));
    }
}
