import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { PartConflictDialog } from "./part_conflict_dialog";
import { ACCOUNT } from "./record_model";

/** The leader's part: what is proposed for each object and why, what is decided, what follows, the account. */
export class ConclusionPanel extends Component {
    static template = "ctsp_inspection.ConclusionPanel";
    static props = { model: Object, rows: Array, told: Object };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.model = this.props.model;
        this.state = useState(this.model.state);
        this.ui = useState({ busy: 0 });
        this.account = ACCOUNT;
        this.whyUnsound = _t("Why it is not sound (required)");
        this.whySound = _t("What shows that it is sound");
    }

    get leads() {
        return this.state.inspection.is_leader;
    }

    /** Entries on conclusions that are not drawn any more. */
    get orphans() {
        return this.model.stuckParts.filter((key) => !this.model.stored(key));
    }

    label(code) {
        return Object.fromEntries(this.state.codes.conclusions)[code] || "";
    }

    textOf(key) {
        return Object.values(this.state.drafts[key]?.values || {}).filter(Boolean).join("，");
    }

    /** Choices are sent at once, texts when the person stops typing or leaves the field. */
    choose(key, values) {
        this.model.edit(key, values, { now: true });
    }

    write(key, values) {
        this.model.edit(key, values);
    }

    send(key) {
        this.model.send(key);
    }

    settle(key) {
        this.dialog.add(PartConflictDialog, { model: this.model, part: key });
    }

    async propose() {
        this.ui.busy += 1;
        this.model.turn += 1;
        try {
            await this.model.flush();
            await this.orm.call("ctsp.inspection", "action_propose", [[this.model.id]]);
            await this.model.look();
        } finally {
            this.ui.busy -= 1;
        }
    }
}
