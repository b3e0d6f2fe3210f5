import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PAGE = 20;
const EXAMPLES = ["知情同意", "严重不良事件", "稽查轨迹", "试验用药品 计数", "直接查阅"];

export const STATUS_CLASSES = {
    in_force: "text-bg-success",
    coming: "text-bg-info",
    repealed: "text-bg-secondary",
    draft: "text-bg-warning",
    unknown: "text-bg-warning",
};

export function statusLabels() {
    return {
        in_force: _t("In Force"),
        coming: _t("Not Yet in Force"),
        repealed: _t("Repealed"),
        draft: _t("Draft for Comment"),
        unknown: _t("Date Not Known"),
    };
}

/** Full-text search over the articles of the laws: as one types, ranked, the words found marked. */
export class LawSearch extends Component {
    static template = "ctsp_clause.LawSearch";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.input = useAutofocus({ refName: "query" });
        this.list = useRef("list");
        this.last = new KeepLast();
        this.labels = statusLabels();
        this.classes = STATUS_CLASSES;
        this.examples = EXAMPLES;
        const before = this.props.state?.search || {};
        this.state = useState({ query: "", inForce: true, hits: [], total: 0, searched: "", busy: false, ...before });
        this.typed = useDebounced(() => this.search(), 250);
        this.env.config.setDisplayName(_t("Search Laws"));
        onWillStart(async () => {
            await Promise.all([this.countTexts(), this.state.query && this.search()]);
        });
        onMounted(() => this.input.el?.select());
    }

    /** How much of the library is official text: said before anybody searches in it. */
    async countTexts() {
        const count = (coverage) => this.orm.searchCount("ctsp.law.version", [["coverage", "=", coverage]]);
        [this.full, this.summary] = await Promise.all([count("full"), count("summary")]);
    }

    async search(more = false) {
        const query = this.state.query.trim();
        if (!query) {
            Object.assign(this.state, { hits: [], total: 0, searched: "" });
            return;
        }
        this.state.busy = true;
        const offset = more ? this.state.hits.length : 0;
        const found = await this.last.add(
            this.orm.silent.call("ctsp.law.article", "search_text", [query], {
                in_force: this.state.inForce,
                limit: PAGE,
                offset,
            })
        );
        Object.assign(this.state, {
            hits: more ? [...this.state.hits, ...found.hits] : found.hits,
            total: found.total,
            searched: query,
            busy: false,
        });
    }

    use(example) {
        this.state.query = example;
        this.search();
    }

    toggle() {
        this.state.inForce = !this.state.inForce;
        this.search();
    }

    open(hit) {
        this.action.doAction("ctsp_clause.ctsp_law_reader_action", {
            additionalContext: { active_id: hit.version_id, article_id: hit.id, query: this.state.searched },
        });
    }
}

registry.category("actions").add("ctsp_clause.law_search", LawSearch);
