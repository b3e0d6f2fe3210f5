import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { STATUS_CLASSES } from "./law_search";

/** Reads one version of a law: contents at the side, an anchor for each article, the clauses that rest on it, print. */
export class LawReader extends Component {
    static template = "ctsp_clause.LawReader";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.classes = STATUS_CLASSES;
        const { active_id, article_id, query } = this.props.action.context || {};
        this.state = useState({ version: null, filter: query || "", current: article_id });
        onWillStart(() => this.load(active_id));
        onMounted(() => this.go(article_id, "instant"));
    }

    async load(versionId) {
        if (!versionId) {
            await this.action.doAction("ctsp_clause.ctsp_law_search_action", { clearBreadcrumbs: true });
            return;
        }
        this.state.version = await this.orm.call("ctsp.law.version", "read_version", [versionId]);
        this.env.config.setDisplayName(this.state.version.law);
    }

    /** Articles by chapter, in order. */
    get chapters() {
        const chapters = [];
        for (const article of this.state.version.articles) {
            const last = chapters.at(-1);
            if (last && last.title === article.chapter) {
                last.articles.push(article);
            } else {
                chapters.push({ title: article.chapter, key: `${chapters.length}-${article.chapter}`, articles: [article] });
            }
        }
        return chapters;
    }

    /** A paragraph in parts, the words looked for apart. */
    parts(text) {
        const words = this.state.filter.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        if (!words.length) {
            return [{ text, hit: false }];
        }
        return text.split(new RegExp(`(${words.join("|")})`, "i")).map((part, index) => ({ text: part, hit: index % 2 === 1 }));
    }

    go(articleId, behavior = "smooth") {
        if (!articleId) {
            return;
        }
        this.state.current = articleId;
        const element = this.root.el?.querySelector(`[data-article="${articleId}"]`);
        element?.scrollIntoView({ behavior, block: "start" });
    }

    change(ev) {
        this.state.current = undefined;
        this.load(parseInt(ev.target.value));
    }

    openClause(clause) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ctsp.clause",
            res_id: clause.id,
            views: [[false, "form"]],
        });
    }

    openLaw() {
        this.action.doAction("ctsp_clause.ctsp_law_action");
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("ctsp_clause.law_reader", LawReader);
