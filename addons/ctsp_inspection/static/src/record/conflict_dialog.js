import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

import { RECORDED } from "./record_model";

/** Two people recorded on the same clause: both versions side by side, the person settles it. */
export class ConflictDialog extends Component {
    static template = "ctsp_inspection.ConflictDialog";
    static components = { Dialog };
    static props = { model: Object, lineId: Number, close: Function };

    setup() {
        const { model, lineId } = this.props;
        this.conflict = model.state.conflicts[lineId];
        this.line = model.state.lines[lineId];
        this.theirs = this.conflict.theirs;
        this.mine = { ...this.theirs, ...this.conflict.mine };
        this.final = useState(Object.fromEntries(RECORDED.map((name) => [name, this.mine[name] || ""])));
    }

    label(kind, code) {
        return Object.fromEntries(this.props.model.state.codes[kind])[code] || "";
    }

    both() {
        this.final.description = [this.theirs.description, this.mine.description].filter(Boolean).join("\n");
    }

    yieldTo() {
        this.props.model.yieldTo(this.props.lineId);
        this.props.close();
    }

    insist() {
        this.props.model.insist(this.props.lineId, { ...this.final });
        this.props.close();
    }
}
