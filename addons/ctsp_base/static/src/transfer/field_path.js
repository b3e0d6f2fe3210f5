import { registry } from "@web/core/registry";
import { FieldSelectorField, fieldSelectorField } from "@web/views/fields/field_selector/field_selector_field";

/** A field path that reads as its labels; expects a field `label` beside it. */
export class FieldPathField extends FieldSelectorField {
    get formattedValue() {
        return this.props.record.data.label || super.formattedValue;
    }
}

registry.category("fields").add("ctsp_field_path", { ...fieldSelectorField, component: FieldPathField });
