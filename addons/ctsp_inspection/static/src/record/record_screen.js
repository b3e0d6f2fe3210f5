import { Component, onWillDestroy, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { ClauseCard } from "./clause_card";
import { ConclusionPanel } from "./conclusion_panel";
import { ConflictDialog } from "./conflict_dialog";
import { RecordModel } from "./record_model";

const RESULT_KEYS = { 1: "conform", 2: "nonconform", 3: "na", 0: "unchecked" };

/** Recording on an inspection: sections at the left, the clauses of one section as cards. */
export class RecordScreen extends Component {
    static template = "ctsp_inspection.RecordScreen";
    static components = { ClauseCard, ConclusionPanel, Layout };
    static props = { ...standardActionServiceProps };
    static path = "recording";

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        const { context = {}, params = {} } = this.props.action;
        this.inspectionId = Number(context.active_id || params.active_id || this.props.resId);
        this.model = new RecordModel(useService("orm"), this.inspectionId);
        this.model.state = useState(this.model.state);
        this.ui = useState({ section: null, filter: "all", text: "", focus: null, help: false, menu: false });
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            await this.model.load();
            const { number, name } = this.model.state.inspection;
            this.env.config.setDisplayName(_t("Record: %s", number || name));
            this.ui.section = this.sections[0]?.key;
        });
        onWillDestroy(() => this.model.stop());
        useSetupAction({
            beforeLeave: () => this.model.flush(),
            beforeUnload: (ev) => {
                this.model.flush();
                if (this.model.queue.volatile.size) {
                    ev.preventDefault(); // this browser keeps no files: leaving would lose them
                }
            },
        });
        useExternalListener(window, "keydown", this.onKey.bind(this));
    }

    get state() {
        return this.model.state;
    }

    get canRecord() {
        return this.state.inspection.can_record;
    }

    get readOnlyText() {
        return _t("Read only: the inspection is in the state “%s”, or you are not recording on it.", this.state.inspection.state_label);
    }

    // ---- sections ----

    /** Sections in their order, each per object inspected: `{key, name, subject, total, checked, bad}`. */
    get sections() {
        const sections = new Map();
        for (const id of this.state.order) {
            const line = this.model.view(id);
            const key = `${line.subject}|${line.object}|${line.section}`;
            if (!sections.has(key)) {
                sections.set(key, { key, name: line.section, subject: line.subject, total: 0, checked: 0, bad: 0 });
            }
            const section = sections.get(key);
            section.total += 1;
            section.checked += line.result !== "unchecked";
            section.bad += line.result === "nonconform";
        }
        return [...sections.values()].sort((a, b) => Boolean(a.subject) - Boolean(b.subject));
    }

    get totals() {
        return this.sections.reduce(
            (sum, section) => ({
                total: sum.total + section.total, checked: sum.checked + section.checked, bad: sum.bad + section.bad,
            }),
            { total: 0, checked: 0, bad: 0 }
        );
    }

    percent({ checked, total }) {
        return total ? Math.round((100 * checked) / total) : 0;
    }

    get current() {
        return this.sections.find((section) => section.key === this.ui.section);
    }

    choose(key) {
        Object.assign(this.ui, { section: key, menu: false, focus: null, filter: "all", text: "" });
        this.root.el?.querySelector(".o_ctsp_record_clauses")?.scrollTo(0, 0);
    }

    step(by) {
        const keys = this.sections.map((section) => section.key);
        const next = keys[keys.indexOf(this.ui.section) + by];
        if (next) {
            this.choose(next);
        }
    }

    // ---- clauses ----

    /** A filter or a search looks through all sections. */
    get lines() {
        const { filter, section } = this.ui;
        const text = this.ui.text.trim().toLowerCase();
        return this.state.order
            .map((id) => this.model.view(id))
            .filter((line) => {
                if (text) {
                    return `${line.number} ${line.point} ${line.content} ${line.description}`.toLowerCase().includes(text);
                }
                if (filter === "bad") {
                    return line.result === "nonconform";
                }
                if (filter === "open") {
                    return line.result === "unchecked";
                }
                return `${line.subject}|${line.object}|${line.section}` === section;
            });
    }

    get acrossSections() {
        return Boolean(this.ui.text.trim()) || this.ui.filter !== "all";
    }

    evidenceOf(lineId) {
        return this.state.evidence.filter((row) => row.line === lineId);
    }

    get saved() {
        const { online, restored } = this.state;
        const count = this.model.unsent;
        const files = this.state.uploads.length;
        if (!count && files) {
            const refused = this.state.uploads.some((upload) => upload.error && !upload.waiting);
            return { tone: refused ? "danger" : "warning", icon: "fa-upload", text: _t("%s files not sent yet", files) };
        }
        if (!count) {
            return { tone: "success", icon: "fa-check", text: restored ? _t("Restored and saved") : _t("All saved") };
        }
        if (!online) {
            return { tone: "danger", icon: "fa-plug", text: _t("Offline: %s kept here", count) };
        }
        const stuck = Object.keys(this.state.conflicts).length + Object.keys(this.state.problems).length;
        if (Object.keys(this.state.drafts).every((id) => this.model.statusOf(id) === "waiting")) {
            return { tone: "warning", icon: "fa-pencil", text: _t("A reason for the grade is missing") };
        }
        return stuck
            ? { tone: "danger", icon: "fa-exclamation-circle", text: _t("%s need your attention", stuck) }
            : { tone: "secondary", icon: "fa-refresh", text: _t("Saving…") };
    }

    openConflict(lineId) {
        this.dialog.add(ConflictDialog, { model: this.model, lineId });
    }

    back() {
        this.action.doAction(
            { type: "ir.actions.act_window", res_model: "ctsp.inspection", res_id: this.inspectionId, views: [[false, "form"]] },
            { clearBreadcrumbs: false }
        );
    }

    // ---- keyboard ----

    /** 1, 2, 3, 0 give a result to the chosen clause, j and k (or the arrows) choose, Enter writes, / searches. */
    onKey(ev) {
        const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(ev.target.tagName) || ev.target.isContentEditable;
        if (ev.key === "Escape" && typing && this.root.el?.contains(ev.target)) {
            ev.target.blur();
            return;
        }
        if (typing || ev.ctrlKey || ev.altKey || ev.metaKey || document.querySelector(".modal, .o-FileViewer")) {
            return;
        }
        const act = this.keys[ev.key];
        if (act) {
            ev.preventDefault();
            act();
        } else if (ev.key in RESULT_KEYS && this.ui.focus && this.canRecord) {
            ev.preventDefault();
            this.model.edit(this.ui.focus, { result: RESULT_KEYS[ev.key] }, { now: true });
        }
    }

    get keys() {
        return {
            j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1),
            n: () => this.step(1), p: () => this.step(-1), "?": () => (this.ui.help = !this.ui.help),
            "/": () => this.root.el.querySelector(".o_ctsp_record_search").focus(),
            Enter: () => this.card?.querySelector("textarea")?.focus(),
        };
    }

    get keyHelp() {
        return [
            ["j k", _t("next, previous clause")], ["1", _t("conforms")], ["2", _t("does not conform")],
            ["3", _t("not applicable")], ["0", _t("not checked")], ["Enter", _t("write")], ["Esc", _t("leave the text")],
            ["n p", _t("next, previous section")], ["/", _t("search")],
        ];
    }

    get card() {
        return this.root.el.querySelector(`[data-line="${this.ui.focus}"]`);
    }

    move(by) {
        const ids = this.lines.map((line) => line.id);
        const at = ids.indexOf(this.ui.focus);
        this.ui.focus = ids[Math.min(Math.max(at + by, 0), ids.length - 1)];
        this.card?.scrollIntoView({ block: "center", behavior: "smooth" });
    }
}

registry.category("actions").add("ctsp_inspection.record", RecordScreen);
