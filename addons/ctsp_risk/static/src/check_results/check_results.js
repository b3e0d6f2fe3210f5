import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = { blocking: "fa-times-circle text-danger", warning: "fa-exclamation-triangle text-warning" };

/** Resolve after the next frame, when OWL has rendered. */
function nextFrame() {
    return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
}

function visible(form, name) {
    return [...form.querySelectorAll(`.o_field_widget[name="${CSS.escape(name)}"]`)].find((el) => el.offsetParent);
}

/**
 * Show the field `name` of the form around `el`: open the notebook page it is on, scroll, focus.
 * Returns false when the form does not show the field.
 */
async function revealField(el, name) {
    const form = el.closest(".o_form_view, .o_form_renderer") || document;
    let field = visible(form, name);
    for (const tab of field ? [] : form.querySelectorAll(".o_notebook .nav-link:not(.disabled)")) {
        tab.click();
        await nextFrame();
        field = visible(form, name);
        if (field) {
            break;
        }
    }
    if (!field) {
        return false;
    }
    field.scrollIntoView({ behavior: "smooth", block: "center" });
    field.querySelector("input, textarea, select, [tabindex]")?.focus({ preventScroll: true });
    field.classList.add("o_ctsp_check_flash");
    setTimeout(() => field.classList.remove("o_ctsp_check_flash"), 2000);
    return true;
}

/** Results of the automatic checks: failures first, each with a link to the field it is about. */
export class CheckResultsField extends Component {
    static template = "ctsp_risk.CheckResultsField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ showPassed: false, missing: null });
    }

    get results() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.id,
            ...record.data,
            icon: record.data.passed ? "fa-check-circle text-success" : ICONS[record.data.level],
        }));
    }

    get failed() {
        return this.results.filter((result) => !result.passed);
    }

    get passed() {
        return this.results.filter((result) => result.passed);
    }

    get passedLabel() {
        return _t("%s checks passed", this.passed.length);
    }

    async reveal(ev, result) {
        ev.preventDefault();
        const shown = await revealField(ev.currentTarget, result.field_name);
        this.state.missing = shown ? null : result.id;
    }
}

export const checkResultsField = {
    component: CheckResultsField,
    displayName: _t("Check Results"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: () => [
        { name: "check_name", type: "char" },
        { name: "basis", type: "char" },
        { name: "message", type: "char" },
        { name: "level", type: "selection" },
        { name: "passed", type: "boolean" },
        { name: "field_name", type: "char" },
        { name: "field_label", type: "char" },
    ],
};

registry.category("fields").add("ctsp_check_results", checkResultsField);
