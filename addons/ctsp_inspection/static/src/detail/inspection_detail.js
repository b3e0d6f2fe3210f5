import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { EvidenceStrip } from "../record/evidence_strip";

/** The inspection on one page: conclusions, team, clauses by section with the findings unfolded, photos, papers, course. */
export class InspectionDetail extends Component {
    static template = "ctsp_inspection.InspectionDetail";
    static components = { EvidenceStrip };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useState({ data: null, open: {} });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.load(props.record));
    }

    /** Read anew when another record is shown or this one was changed. */
    async load(record) {
        const key = `${record.resId}|${record.data.state}|${record.data.version}|${record.data.checked_count}|${record.data.finding_count}`;
        if (!record.resId || key === this.key) {
            return;
        }
        this.key = key;
        this.ui.data = await this.orm.call("ctsp.inspection", "detail_open", [record.resId]);
    }

    get data() {
        return this.ui.data;
    }

    /** Evidence is shown here, not taken in. */
    get model() {
        return { id: this.props.record.resId, state: { evidence: this.data.evidence } };
    }

    label(kind, code) {
        return Object.fromEntries(this.data.codes[kind])[code] || "";
    }

    get sections() {
        const sections = new Map();
        for (const line of this.data.lines) {
            const key = `${line.subject}|${line.object}|${line.section}`;
            if (!sections.has(key)) {
                sections.set(key, { key, name: line.section, subject: line.subject, lines: [], bad: [], counts: {} });
            }
            const section = sections.get(key);
            section.lines.push(line);
            section.counts[line.result] = (section.counts[line.result] || 0) + 1;
            if (line.result === "nonconform") {
                section.bad.push(line);
            }
        }
        return [...sections.values()].sort((a, b) => Boolean(a.subject) - Boolean(b.subject));
    }

    /** Unfolded: everything; otherwise only what does not conform. */
    shown(section) {
        return this.ui.open[section.key] ? section.lines : section.bad;
    }

    findingOf(line) {
        return this.data.findings.find((finding) => finding.line === line.id);
    }

    evidenceOf(line) {
        return this.data.evidence.filter((row) => row.line === line.id);
    }

    get photos() {
        return this.data.evidence.filter((row) => row.kind === "photo");
    }

    get decided() {
        return this.data.conclusions.filter((row) => row.decided);
    }

    tone(code) {
        return { pass: "success", rectify: "warning", fail: "danger", critical: "danger", major: "warning", minor: "secondary" }[code];
    }

    when(text) {
        return formatDateTime(deserializeDateTime(text), { format: "yyyy-MM-dd HH:mm" });
    }

    openDocument(row) {
        this.action.doAction({
            type: "ir.actions.act_window", res_model: "ctsp.document", res_id: row.id, views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("ctsp_inspection_detail", {
    component: InspectionDetail,
    fieldDependencies: [
        { name: "state", type: "selection" }, { name: "version", type: "integer" },
        { name: "checked_count", type: "integer" }, { name: "finding_count", type: "integer" },
    ],
});
