import { Activity } from "@mail/core/web/activity";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Activity.prototype, {
    /** How long a to-do has still, as one sentence: Odoo's puts the number between two halves, where Chinese has none. */
    get dueText() {
        return this.delay > 0 ? _t("Due in %s days:", this.delay) : _t("%s days overdue:", -this.delay);
    },
});
