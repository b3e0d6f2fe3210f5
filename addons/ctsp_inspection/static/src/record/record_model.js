import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { user } from "@web/core/user";

import { EvidenceQueue } from "./evidence_queue";
import { uuid } from "./uuid";

const TYPING = 900; // ms without a key before text is sent
const RETRY = 5000;
const LOOK = 10000; // ms between two looks at what others recorded
const RECORDED = ["result", "description", "grade", "grade_reason"];

/**
 * What one inspector sees and records of one inspection.
 *
 * An entry (`drafts[line]`) lives from the first key until the server acknowledged it: `values` are what the person
 * wants, `base` the revision he looked at, `pending` the operation on its way. Entries are kept in the browser's storage,
 * so neither a reload nor a lost connection loses a word; an operation is sent again under its own id.
 */
export class RecordModel {
    constructor(orm, inspectionId) {
        this.orm = orm.silent;
        this.id = inspectionId;
        this.storageKey = `ctsp_record_${user.userId}_${inspectionId}`;
        this.timers = {};
        this.sending = new Map(); // line → promise of the answer to what is on its way
        this.turn = 0; // grows with each change made here: what was asked before it is out of date when it comes
        this.state = reactive({
            inspection: {}, codes: {}, lines: {}, order: [], evidence: [], conclusions: [],
            drafts: {}, problems: {}, conflicts: {}, uploads: [], online: true, restored: 0,
        });
    }

    async load() {
        const data = await this.orm.call("ctsp.inspection", "record_open", [this.id]);
        const { state } = this;
        state.codes = data.codes;
        state.lines = Object.fromEntries(data.lines.map((line) => [line.id, line]));
        state.order = data.lines.map((line) => line.id);
        this.takeOver(data);
        this.restore();
        this.queue = new EvidenceQueue(this.id, this.state, (row) => this.taken(row));
        this.queue.restore();
        this.looking = browser.setInterval(() => this.look(), LOOK);
    }

    stop() {
        browser.clearInterval(this.looking);
        this.queue?.stop();
        for (const timer of Object.values(this.timers)) {
            browser.clearTimeout(timer);
        }
    }

    takeOver({ inspection, evidence, conclusions }) {
        Object.assign(this.state, { inspection, evidence, conclusions });
    }

    /** Fetch what others recorded; what the person is writing himself stays as it is. */
    async look() {
        if (document.visibilityState !== "visible") {
            return;
        }
        const turn = this.turn;
        const revisions = Object.fromEntries(Object.values(this.state.lines).map((line) => [line.id, line.revision]));
        try {
            const data = await this.orm.call("ctsp.inspection", "record_changes", [this.id, revisions]);
            this.state.online = true;
            if (turn === this.turn) {
                this.takeOver(data);
            }
            data.lines.forEach((line) => this.store(line));
        } catch (error) {
            this.note(error);
        }
    }

    taken(row) {
        this.turn += 1;
        if (!this.state.evidence.some((one) => one.id === row.id)) {
            this.state.evidence.push(row);
        }
    }

    store(line) {
        const held = this.state.lines[line.id];
        if (held && line.revision >= held.revision) {
            Object.assign(held, line);
        }
    }

    /** The line as the person sees it: what is stored, with his own entry on top. */
    view(lineId) {
        return { ...this.state.lines[lineId], ...this.state.drafts[lineId]?.values };
    }

    statusOf(lineId) {
        const { conflicts, problems, drafts, online } = this.state;
        if (conflicts[lineId]) {
            return "conflict";
        }
        if (problems[lineId]) {
            return "problem";
        }
        if (drafts[lineId] && !drafts[lineId].pending && this.lacksReason(this.view(lineId))) {
            return "waiting";
        }
        return drafts[lineId] ? (online ? "saving" : "offline") : "saved";
    }

    get unsent() {
        return Object.keys(this.state.drafts).length;
    }

    // ---- entering ----

    edit(lineId, values, { now = false } = {}) {
        const { drafts, lines, problems } = this.state;
        const draft = drafts[lineId] || { values: {}, base: lines[lineId].revision, pending: null };
        Object.assign(draft.values, values);
        drafts[lineId] = draft;
        delete problems[lineId];
        this.keep();
        browser.clearTimeout(this.timers[lineId]);
        if (now) {
            this.send(lineId);
        } else {
            this.timers[lineId] = browser.setTimeout(() => this.send(lineId), TYPING);
        }
    }

    /** Another grade than the clause's waits for its reason. */
    lacksReason(line) {
        return line.result === "nonconform" && line.grade && line.grade !== line.clause_grade && !line.grade_reason?.trim();
    }

    // ---- sending ----

    async send(line) {
        const lineId = Number(line); // keys of drafts are texts
        const { drafts, conflicts } = this.state;
        const draft = drafts[lineId];
        if (this.sending.has(lineId)) {
            return this.sending.get(lineId);
        }
        if (!draft || conflicts[lineId]) {
            return;
        }
        if (!draft.pending) {
            if (this.lacksReason(this.view(lineId))) {
                return;
            }
            draft.pending = { id: uuid(), line: Number(lineId), revision: draft.base, values: { ...draft.values } };
            this.keep();
        }
        const way = this.transmit(lineId, draft);
        this.sending.set(lineId, way);
        return way;
    }

    async transmit(lineId, draft) {
        try {
            const [answer] = await this.orm.call("ctsp.inspection", "record", [this.id, [{ ...draft.pending }]]);
            this.state.online = true;
            this.sending.delete(lineId);
            await this.answered(lineId, draft, answer);
        } catch (error) {
            this.sending.delete(lineId);
            this.note(error, lineId);
        }
        this.keep();
    }

    async answered(lineId, draft, answer) {
        if (draft.pending?.id !== answer.id) {
            return; // answered before
        }
        const sent = draft.pending.values;
        draft.pending = null;
        if (answer.line) {
            this.store(answer.line);
        }
        if (answer.status === "refused") {
            this.state.problems[lineId] = answer.message;
            return;
        }
        if (answer.status === "conflict") {
            this.state.conflicts[lineId] = { theirs: answer.line, mine: { ...draft.values } };
            return;
        }
        const rest = Object.entries(draft.values).filter(([name, value]) => sent[name] !== value);
        if (rest.length) {
            Object.assign(draft, { values: Object.fromEntries(rest), base: answer.line.revision });
            await this.send(lineId);
        } else {
            delete this.state.drafts[lineId];
        }
    }

    note(error, lineId) {
        if (error instanceof ConnectionLostError) {
            this.state.online = false;
            if (lineId) {
                this.timers[lineId] = browser.setTimeout(() => this.send(lineId), RETRY);
            }
        } else if (lineId) {
            this.state.problems[lineId] = error.data?.message || error.message;
        } else {
            throw error;
        }
    }

    /** Send everything that waits, e.g. before leaving. */
    async flush() {
        for (const lineId of Object.keys(this.state.drafts)) {
            browser.clearTimeout(this.timers[lineId]);
            await this.send(lineId);
        }
    }

    // ---- conflicts ----

    /** Keep what is stored; the own entry is dropped. */
    yieldTo(lineId) {
        delete this.state.conflicts[lineId];
        delete this.state.problems[lineId];
        delete this.state.drafts[lineId];
        this.keep();
    }

    /** Record again on top of what is stored now, with the values the person settled on. */
    insist(lineId, values) {
        delete this.state.conflicts[lineId];
        this.state.drafts[lineId] = { values, base: this.state.lines[lineId].revision, pending: null };
        this.keep();
        this.send(lineId);
    }

    // ---- surviving a reload ----

    keep() {
        const { drafts } = this.state;
        if (Object.keys(drafts).length) {
            browser.localStorage.setItem(this.storageKey, JSON.stringify(drafts));
        } else {
            browser.localStorage.removeItem(this.storageKey);
        }
    }

    restore() {
        let kept = {};
        try {
            kept = JSON.parse(browser.localStorage.getItem(this.storageKey) || "{}");
        } catch {
            // unreadable: nothing to restore
        }
        for (const [lineId, draft] of Object.entries(kept)) {
            if (this.state.lines[lineId]) {
                this.state.drafts[lineId] = draft;
                this.state.restored += 1;
                this.send(lineId);
            }
        }
    }
}

export { RECORDED };
