import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { TextField, textField } from "@web/views/fields/text/text_field";

/** Where the sentence that is being typed begins. */
function start(text) {
    return Math.max(...["。", "；", "\n", ";"].map((mark) => text.lastIndexOf(mark))) + 1;
}

/**
 * A text with wordings of findings offered while typing: those of the clause first, the most used first.
 *
 * <field name="description" widget="ctsp_phrase_suggest"
 *        options="{'clause_field': 'clause_id', 'grade_field': 'grade', 'basis_field': 'basis'}"/>
 *
 * Choosing one replaces the sentence being typed; grade and basis are filled in where they are empty.
 */
export class PhraseSuggestField extends TextField {
    static template = "ctsp_clause.PhraseSuggestField";
    static props = {
        ...TextField.props,
        clauseField: { type: String, optional: true },
        gradeField: { type: String, optional: true },
        basisField: { type: String, optional: true },
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.last = new KeepLast();
        this.suggest = useState({ items: [], open: false, active: -1 });
        this.grades = { critical: _t("Critical"), major: _t("Major"), minor: _t("Minor") };
        this.typed = useDebounced(() => this.fetch(), 150);
    }

    get clauseId() {
        const value = this.props.clauseField && this.props.record.data[this.props.clauseField];
        return value ? value.id || value[0] || value : false;
    }

    async fetch() {
        const area = this.textareaRef.el;
        if (!area) {
            return;
        }
        const before = area.value.slice(0, area.selectionStart);
        const items = await this.last.add(
            this.orm.silent.call("ctsp.finding.phrase", "suggest", [this.clauseId, before.slice(start(before))])
        );
        const open = document.activeElement === area && items.length > 0;
        Object.assign(this.suggest, { items, open, active: -1 });
    }

    close() {
        this.suggest.open = false;
    }

    onKeydown(ev) {
        const { open, items, active } = this.suggest;
        if (!open) {
            if (ev.key === "ArrowDown" && ev.altKey) {
                this.fetch();
            }
            return;
        }
        if (ev.key === "Escape") {
            this.close();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.suggest.active = (active + step + items.length) % items.length;
        } else if (ev.key === "Enter" && active >= 0) {
            this.choose(items[active]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    async choose(item) {
        const area = this.textareaRef.el;
        const before = area.value.slice(0, area.selectionStart);
        const text = before.slice(0, start(before)) + item.text + area.value.slice(area.selectionStart);
        this.close();
        const { record, name, gradeField, basisField } = this.props;
        const changes = { [name]: text };
        if (gradeField && item.grade && !record.data[gradeField]) {
            changes[gradeField] = item.grade;
        }
        if (basisField && item.basis && !record.data[basisField]) {
            changes[basisField] = item.basis;
        }
        area.value = text;
        await record.update(changes);
        this.orm.silent.call("ctsp.finding.phrase", "mark_used", [[item.id]]);
        area.focus();
    }
}

export const phraseSuggestField = {
    ...textField,
    component: PhraseSuggestField,
    displayName: _t("Text with Wordings of Findings"),
    supportedTypes: ["text", "char"],
    extractProps: (info, dynamicInfo) => ({
        ...textField.extractProps(info, dynamicInfo),
        clauseField: info.options.clause_field,
        gradeField: info.options.grade_field,
        basisField: info.options.basis_field,
    }),
};

registry.category("fields").add("ctsp_phrase_suggest", phraseSuggestField);
