import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Lets the user change his own password without leaving the desk. */
export class DeskPassword extends Component {
    static template = "ctsp_base.DeskPassword";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ old: "", fresh: "", again: "", error: "" });
        useAutofocus();
    }

    async save() {
        const { old, fresh, again } = this.state;
        if (!old || !fresh) {
            this.state.error = _t("Please fill in all three fields.");
        } else if (fresh !== again) {
            this.state.error = _t("The new password and its repetition differ.");
        } else {
            try {
                await rpc("/ctsp/desk/password", { old, new: fresh });
                this.notification.add(_t("Your password has been changed."), { type: "success" });
                this.props.close();
            } catch (error) {
                this.state.error = error.data?.message || String(error.message);
            }
        }
    }
}
