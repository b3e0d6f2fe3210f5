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
const ACCOUNT = "account";
const CONCLUSION = "conclusion:";

/** The key of a conclusion among the entries; clauses go by their id, the account by `ACCOUNT`. */
function conclusionKey(id) {
    return `${CONCLUSION}${id}`;
}

/** What an operation names as its target. */
function target(key) {
    if (key === ACCOUNT) {
        return { account: true };
    }
    return isPart(key) ? { conclusion: Number(key.slice(CONCLUSION.length)) } : { line: key };
}

/** A part that is no clause: the account of the inspection or a conclusion. */
function isPart(key) {
    return key === ACCOUNT || String(key).startsWith(CONCLUSION);
}

/**
 * What one inspector sees and records of one inspection.
 *
 * An entry (`drafts[key]`) lives from the first key until the server acknowledged it: `values` are what the person
 * wants, `base` the revision he looked at, `seen` what these values were then, `pending` the operation on its way.
 * Entries are kept in the browser's storage, so neither a reload nor a lost connection loses a word; an operation is sent
 * again under its own id. Clauses, conclusions and the account of the inspection are entered alike.
 */
export class RecordModel {
    constructor(orm, inspectionId) {
        this.orm = orm.silent;
        this.id = inspectionId;
        this.storageKey = `ctsp_record_${user.userId}_${inspectionId}`;
        this.timers = {};
        this.sending = new Map(); // key → promise of the answer to what is on its way
        this.turn = 0; // grows with each change made here: what was asked before it is out of date when it comes
        this.state = reactive({
            inspection: {}, account: {}, codes: {}, lines: {}, order: [], evidence: [], conclusions: [],
            drafts: {}, problems: {}, conflicts: {}, uploads: [], online: true, restored: 0,
        });
    }

    async load() {
        const data = await this.orm.call("ctsp.inspection", "record_open", [this.id]);
        const { state } = this;
        state.codes = data.codes;
        state.lines = Object.fromEntries(data.lines.map((line) => [line.id, line]));
        state.order = data.lines.map((line) => line.id);
        state.account = data.account;
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

    takeOver({ inspection, evidence, conclusions, account }) {
        Object.assign(this.state, { inspection, evidence, conclusions });
        this.store(ACCOUNT, account);
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
            data.lines.forEach((line) => this.store(line.id, line));
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

    /** What is stored under a key, as far as this screen knows. */
    stored(key) {
        if (key === ACCOUNT) {
            return this.state.account;
        }
        return isPart(key)
            ? this.state.conclusions.find((row) => conclusionKey(row.id) === key)
            : this.state.lines[key];
    }

    store(key, values) {
        const held = this.stored(key);
        if (held && values.revision >= held.revision) {
            Object.assign(held, values);
        }
    }

    /** A clause, conclusion or the account as the person sees it: what is stored, with his own entry on top. */
    view(key) {
        return { ...this.stored(key), ...this.state.drafts[key]?.values };
    }

    statusOf(key) {
        const { conflicts, problems, drafts, online } = this.state;
        if (conflicts[key]) {
            return "conflict";
        }
        if (problems[key]) {
            return "problem";
        }
        if (drafts[key] && !drafts[key].pending && this.lacksReason(this.view(key))) {
            return "waiting";
        }
        return drafts[key] ? (online ? "saving" : "offline") : "saved";
    }

    /** The conclusions as the person sees them, with the key and the status of his entries. */
    get conclusionRows() {
        return this.state.conclusions.map(({ id }) => {
            const key = conclusionKey(id);
            return { ...this.view(key), key, status: this.statusOf(key) };
        });
    }

    /** What waits for the person and is no clause: the account, conclusions. */
    get stuckParts() {
        return Object.keys({ ...this.state.conflicts, ...this.state.problems }).filter(isPart);
    }

    get unsent() {
        return Object.keys(this.state.drafts).length;
    }

    // ---- entering ----

    edit(key, values, { now = false } = {}) {
        const { drafts, problems } = this.state;
        const stored = this.stored(key);
        const draft = drafts[key] || { values: {}, seen: {}, base: stored.revision, pending: null };
        for (const name of Object.keys(values)) {
            draft.seen[name] ??= stored[name];
        }
        Object.assign(draft.values, values);
        drafts[key] = draft;
        delete problems[key];
        this.keep();
        browser.clearTimeout(this.timers[key]);
        if (now) {
            this.send(key);
        } else {
            this.timers[key] = browser.setTimeout(() => this.send(key), TYPING);
        }
    }

    /** Another grade than the clause's waits for its reason. */
    lacksReason(line) {
        return line.result === "nonconform" && line.grade && line.grade !== line.clause_grade && !line.grade_reason?.trim();
    }

    // ---- sending ----

    async send(name) {
        const key = isPart(name) ? name : Number(name); // keys of drafts are texts
        const { drafts, conflicts } = this.state;
        const draft = drafts[key];
        if (this.sending.has(key)) {
            return this.sending.get(key);
        }
        if (!draft || conflicts[key]) {
            return;
        }
        if (!draft.pending) {
            if (this.lacksReason(this.view(key))) {
                return;
            }
            draft.pending = { id: uuid(), ...target(key), revision: draft.base, values: { ...draft.values } };
            this.keep();
        }
        const way = this.transmit(key, draft);
        this.sending.set(key, way);
        return way;
    }

    async transmit(key, draft) {
        this.turn += 1;
        try {
            const [answer] = await this.orm.call("ctsp.inspection", "record", [this.id, [{ ...draft.pending }]]);
            this.state.online = true;
            this.sending.delete(key);
            await this.answered(key, draft, answer);
        } catch (error) {
            this.sending.delete(key);
            this.note(error, key);
        }
        this.keep();
    }

    async answered(key, draft, answer) {
        if (draft.pending?.id !== answer.id) {
            return; // answered before
        }
        this.turn += 1;
        const sent = draft.pending.values;
        const stored = answer.line || answer.conclusion || answer.account;
        draft.pending = null;
        if (stored) {
            this.store(key, stored);
        }
        if (answer.status === "refused") {
            this.state.problems[key] = answer.message;
            return;
        }
        if (answer.status === "conflict") {
            this.collide(key, draft, stored);
            return;
        }
        const rest = Object.entries(draft.values).filter(([name, value]) => sent[name] !== value);
        if (rest.length) {
            const seen = Object.fromEntries(rest.map(([name]) => [name, stored[name]]));
            Object.assign(draft, { values: Object.fromEntries(rest), seen, base: stored.revision });
            await this.send(key);
        } else {
            delete this.state.drafts[key];
        }
    }

    note(error, key) {
        if (error instanceof ConnectionLostError) {
            this.state.online = false;
            if (key) {
                this.timers[key] = browser.setTimeout(() => this.send(key), RETRY);
            }
        } else if (key) {
            this.state.problems[key] = error.data?.message || error.message;
        } else {
            throw error;
        }
    }

    /** Send everything that waits, e.g. before leaving. */
    async flush() {
        for (const key of Object.keys(this.state.drafts)) {
            browser.clearTimeout(this.timers[key]);
            await this.send(key);
        }
    }

    // ---- conflicts ----

    /**
     * Somebody was first. Of the account and the conclusions other fields than one's own may have changed: then both
     * stand. The fields of a clause belong together: the person looks at both.
     */
    collide(key, draft, theirs) {
        const mine = Object.keys(draft.values);
        if (isPart(key) && mine.every((name) => draft.seen?.[name] === theirs[name])) {
            this.insist(key, { ...draft.values });
        } else {
            this.state.conflicts[key] = { theirs, mine: { ...draft.values } };
        }
    }

    /** Keep what is stored; the own entry is dropped. */
    yieldTo(key) {
        delete this.state.conflicts[key];
        delete this.state.problems[key];
        delete this.state.drafts[key];
        this.keep();
    }

    /** Record again on top of what is stored now, with the values the person settled on. */
    insist(key, values) {
        delete this.state.conflicts[key];
        delete this.state.drafts[key];
        this.edit(key, values, { now: true });
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
        for (const [key, draft] of Object.entries(kept)) {
            if (isPart(key) || this.stored(key)) {
                this.state.drafts[key] = { seen: {}, ...draft };
                this.state.restored += 1;
                this.send(key);
            }
        }
    }
}

export { ACCOUNT, RECORDED };
