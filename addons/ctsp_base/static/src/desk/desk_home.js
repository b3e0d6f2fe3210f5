import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDate, deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The first page: what waits, what is due, what can be begun. */
export class DeskHome extends Component {
    static template = "ctsp_base.DeskHome";
    static props = { ...standardActionServiceProps };
    static path = "home";
    static displayName = _t("Home");

    setup() {
        this.action = useService("action");
        this.organisation = session.desk.organisation;
        this.news = useService("ctsp_desk_news");
        this.state = useState({ notices: [], cards: [], deadlines: [], new: [] });
        useBus(this.news.changes, "home", ({ detail }) => Object.assign(this.state, detail));
        onWillStart(async () => Object.assign(this.state, await rpc("/ctsp/desk/home")));
    }

    get isEmpty() {
        return !["notices", "cards", "deadlines", "new"].some((name) => this.state[name].length);
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    day(value) {
        return formatDate(deserializeDateTime(value));
    }

    /** Put a notice away; it stays in the list of notices. */
    async dismiss(notice) {
        await this.news.dismiss(notice);
        this.state.notices = this.state.notices.filter((other) => other.id !== notice.id);
    }

    remaining(days) {
        if (days < 0) {
            return _t("%s days overdue", -days);
        }
        return days ? _t("%s days left", days) : _t("today");
    }

    openCard(card) {
        this.action.doAction(card.action_id, { additionalContext: card.context });
    }

    openDeadline(line) {
        this.action.doAction(line.action_id, { viewType: "form", props: { resId: line.res_id } });
    }

    create(entry) {
        this.action.doAction(entry.action_id, { viewType: "form" });
    }
}

registry.category("actions").add("ctsp_desk_home", DeskHome);
