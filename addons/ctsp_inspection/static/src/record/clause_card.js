import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

import { EvidenceStrip } from "./evidence_strip";

const LOOKUP = 300;
const RESULT_ICONS = { conform: "fa-check", nonconform: "fa-times", na: "fa-ban", unchecked: "fa-circle-o" };
const STARS = { critical: "★★", major: "★", minor: "" };

/** One clause: its text, four buttons, and what was found when it does not conform. */
export class ClauseCard extends Component {
    static template = "ctsp_inspection.ClauseCard";
    static components = { EvidenceStrip };
    static props = {
        model: Object, line: Object, evidence: Array, editable: Boolean, focused: Boolean, status: String,
        showSection: { type: Boolean, optional: true }, onFocus: Function, onConflict: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.ui = useState({ whole: false, hints: false, phrases: [] });
        this.icons = RESULT_ICONS;
    }

    get stars() {
        return STARS[this.props.line.clause_grade];
    }

    get results() {
        const order = ["conform", "nonconform", "na", "unchecked"];
        const labels = Object.fromEntries(this.props.model.state.codes.results);
        return order.map((code) => ({ code, label: labels[code], icon: RESULT_ICONS[code] }));
    }

    get recordedText() {
        const { recorded_by: who, recorded_at: at } = this.props.line;
        return _t("Recorded by %(who)s, %(at)s", { who, at: formatDateTime(deserializeDateTime(at), { format: "MM-dd HH:mm" }) });
    }

    get grades() {
        return this.props.model.state.codes.defects;
    }

    get grade() {
        return this.props.line.grade || this.props.line.clause_grade;
    }

    get changedGrade() {
        return this.grade !== this.props.line.clause_grade;
    }

    get lacksPhoto() {
        const { line, evidence } = this.props;
        return line.photo_required && ["conform", "nonconform"].includes(line.result)
            && !evidence.some((row) => row.kind === "photo");
    }

    setResult(result) {
        if (this.props.editable && this.props.line.result !== result) {
            this.props.model.edit(this.props.line.id, { result }, { now: true });
        }
    }

    write(name, value) {
        this.props.model.edit(this.props.line.id, { [name]: value });
    }

    onGrade(ev) {
        const grade = ev.target.value;
        const values = grade === this.props.line.clause_grade ? { grade, grade_reason: "" } : { grade };
        this.props.model.edit(this.props.line.id, values, { now: true });
    }

    // ---- wordings ----

    onDescription(ev) {
        this.write("description", ev.target.value);
        this.lookUp(ev.target.value);
    }

    lookUp(text) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(async () => {
            const words = text.length > 20 ? "" : text.trim();
            try {
                this.ui.phrases = await this.orm.silent.call("ctsp.inspection", "record_suggest", [this.props.line.id, words]);
            } catch {
                this.ui.phrases = []; // offline: writing goes on without suggestions
            }
        }, LOOKUP);
    }

    usePhrase(phrase) {
        const written = (this.props.line.description || "").trim();
        const text = !written || phrase.text.includes(written) ? phrase.text : `${written}\n${phrase.text}`;
        this.props.model.edit(this.props.line.id, { description: text }, { now: true });
        this.ui.phrases = [];
        this.orm.silent.call("ctsp.inspection", "record_phrase_used", [this.props.model.id, phrase.id]).catch(() => {});
    }

    usedText(phrase) {
        return _t("used %s times", phrase.use_count);
    }

    hidePhrases() {
        browser.setTimeout(() => (this.ui.phrases = []), 200);
        this.props.model.send(this.props.line.id);
    }
}
