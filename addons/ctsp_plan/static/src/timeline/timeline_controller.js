import { Component, onWillStart } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useModel } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";
import { isoOf } from "./timeline_layout";
import { TimelineReason } from "./timeline_reason";

export class TimelineController extends Component {
    static template = "ctsp_plan.TimelineView";
    static components = { CogMenu, Layout, SearchBar };
    static props = { ...standardViewProps, Model: Function, Renderer: Function, archInfo: Object };

    setup() {
        this.dialog = useService("dialog");
        this.model = useModel(this.props.Model, {
            archInfo: this.props.archInfo,
            fields: this.props.fields,
            resModel: this.props.resModel,
            state: this.props.state?.modelState,
        });
        useBus(this.model.bus, "update", () => this.render(true));
        useSetupAction({ getLocalState: () => ({ modelState: this.model.exportState() }) });
        this.searchBarToggler = useSearchBarToggler();
        this.scales = { month: _t("Month"), quarter: _t("Quarter"), year: _t("Year") };
        onWillStart(async () => {
            const mayWrite = await user.checkAccessRight(this.props.resModel, "write");
            this.canEdit = mayWrite && this.props.archInfo.canEdit;
        });
    }

    get periodLabel() {
        const [first, last] = this.model.period.map(isoOf);
        const [year, month] = first.split("-");
        if (this.model.scale === "year") {
            return _t("Year %s", year);
        }
        const end = Number(last.split("-")[1]);
        return this.model.scale === "month"
            ? _t("%(month)s/%(year)s", { year, month: Number(month) })
            : _t("%(from)s–%(to)s/%(year)s", { year, from: Number(month), to: end });
    }

    openRecord(bar) {
        return this.props.selectRecord(bar.id, { activeIds: this.model.records.map((record) => record.id) });
    }

    /** Asks for the reason first where the record wants one (published plans). */
    moveBar(bar, start, stop) {
        if (!bar.record.needs_change_reason) {
            return this.model.move(bar, start, stop);
        }
        this.dialog.add(TimelineReason, {
            message: `${bar.record.display_name}: ${isoOf(start)} – ${isoOf(stop)}`,
            confirm: (reason) => this.model.move(bar, start, stop, reason),
        });
    }

    print() {
        window.print();
    }
}
