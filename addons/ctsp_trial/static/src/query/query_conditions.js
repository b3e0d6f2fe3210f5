import { Component, onWillStart, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = { institution: "fa-hospital-o", specialty: "fa-stethoscope", person: "fa-user-md", trial: "fa-flask" };
const PAIRS = ["between"];
const WITHOUT_VALUE = ["set", "not_set", "yes", "no"];

function operatorLabels() {
    return {
        contains: _t("contains"),
        not_contains: _t("does not contain"),
        is: _t("is exactly"),
        in: _t("is any of"),
        not_in: _t("is none of"),
        at_least: _t("at least"),
        at_most: _t("at most"),
        equal: _t("equals"),
        between: _t("between"),
        from: _t("on or after"),
        until: _t("on or before"),
        set: _t("is filled in"),
        not_set: _t("is empty"),
        yes: _t("yes"),
        no: _t("no"),
    };
}

/**
 * Conditions of a combined query, in plain words: a card per section, a line per condition (field, operator, value).
 * Writes a list of `{section, field, operator, value}` to the JSON field; the server judges it.
 */
export class QueryConditionsField extends Component {
    static template = "ctsp_trial.QueryConditionsField";
    static components = { MultiRecordSelector, SelectMenu };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ sections: {}, operators: {} });
        this.labels = operatorLabels();
        this.icons = ICONS;
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("ctsp.query.catalogue", "get_catalogue", []));
        });
    }

    get conditions() {
        return this.props.record.data[this.props.name] || [];
    }

    get sections() {
        return Object.entries(this.state.sections).map(([name, section]) => ({ name, ...section }));
    }

    rows(section) {
        return this.conditions
            .map((condition, index) => ({ ...condition, index, description: this.describe(condition) }))
            .filter((condition) => condition.section === section.name && condition.description);
    }

    describe(condition) {
        const section = this.state.sections[condition.section];
        return section && section.fields.find((field) => field.name === condition.field);
    }

    operatorsOf(row) {
        return this.state.operators[row.description.kind] || [];
    }

    /** Which input the value wants. */
    editorOf(row) {
        if (WITHOUT_VALUE.includes(row.operator)) {
            return "none";
        }
        if (row.description.kind === "choice") {
            return row.description.relation ? "records" : "selection";
        }
        return PAIRS.includes(row.operator) ? "pair" : "single";
    }

    inputType(row) {
        return { number: "number", date: "date" }[row.description.kind] || "text";
    }

    domainOf(row) {
        try {
            return new Domain(row.description.domain).toList({});
        } catch {
            return []; // a domain that depends on another field: offer all
        }
    }

    choicesOf(row) {
        return row.description.choices.map(([value, label]) => ({ value, label }));
    }

    async save(conditions) {
        await this.props.record.update({ [this.props.name]: conditions });
    }

    add(section) {
        const field = section.fields[0];
        const operator = this.state.operators[field.kind][0];
        return this.save([
            ...this.conditions,
            { section: section.name, field: field.name, operator, value: null },
        ]);
    }

    remove(row) {
        return this.save(this.conditions.filter((_condition, index) => index !== row.index));
    }

    patch(row, changes) {
        return this.save(
            this.conditions.map((condition, index) => (index === row.index ? { ...condition, ...changes } : condition))
        );
    }

    setField(row, name) {
        const description = this.state.sections[row.section].fields.find((field) => field.name === name);
        return this.patch(row, { field: name, operator: this.state.operators[description.kind][0], value: null });
    }

    setOperator(row, operator) {
        const same = this.editorOf(row) === this.editorOf({ ...row, operator });
        return this.patch(row, { operator, value: same ? row.value : null });
    }

    read(row, text) {
        if (row.description.kind !== "number") {
            return text;
        }
        return text === "" ? null : Number(text);
    }

    setValue(row, text) {
        return this.patch(row, { value: this.read(row, text) });
    }

    setPair(row, position, text) {
        const pair = Array.isArray(row.value) ? [...row.value] : [null, null];
        pair[position] = this.read(row, text);
        return this.patch(row, { value: pair });
    }
}

registry.category("fields").add("ctsp_query_conditions", {
    component: QueryConditionsField,
    displayName: _t("Conditions of a Query"),
    supportedTypes: ["json"],
});
