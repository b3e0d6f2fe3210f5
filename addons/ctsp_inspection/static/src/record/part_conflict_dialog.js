import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

const TEXTS = ["summary", "attendants", "handling_note", "reason", "system_reason"];

/** Two people wrote on the account or on a conclusion: what differs side by side, the person settles each. */
export class PartConflictDialog extends Component {
    static template = "ctsp_inspection.PartConflictDialog";
    static components = { Dialog };
    static props = { model: Object, part: String, close: Function };

    setup() {
        const { model, part } = this.props;
        const { theirs, mine } = model.state.conflicts[part];
        this.theirs = theirs;
        this.mine = mine;
        this.names = Object.keys(mine).filter((name) => mine[name] !== theirs[name]);
        this.final = useState({ ...mine });
    }

    get labels() {
        return {
            summary: _t("What was inspected"), attendants: _t("Accompanied by"), handling: _t("Handling"),
            handling_note: _t("Note on the handling"), date_end: _t("Last day of the visit"), decided: _t("Conclusion"),
            reason: _t("Why it differs"), sound_system: _t("Quality system"), system_reason: _t("Why sound or not"),
        };
    }

    isText(name) {
        return TEXTS.includes(name);
    }

    shown(name, value) {
        const { codes } = this.props.model.state;
        const choices = { handling: codes.handling, decided: codes.conclusions, sound_system: codes.systems }[name] || [];
        return Object.fromEntries(choices)[value] || value || "—";
    }

    both(name) {
        this.final[name] = [this.theirs[name], this.mine[name]].filter(Boolean).join("\n");
    }

    take(name, side) {
        this.final[name] = this[side][name];
    }

    yieldTo() {
        this.props.model.yieldTo(this.props.part);
        this.props.close();
    }

    insist() {
        this.props.model.insist(this.props.part, { ...this.final });
        this.props.close();
    }
}
