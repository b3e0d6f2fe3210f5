import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useInputField } from "@web/views/fields/input_field_hook";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { useNumpadDecimal } from "@web/views/fields/numpad_decimal_hook";
import { parseInteger } from "@web/views/fields/parsers";

/** A whole number that may be unknown (ctsp_base/fields.py): what is emptied is unknown, not 0. */
export class OptionalIntegerField extends IntegerField {
    setup() {
        this.state = useState({ hasFocus: false });
        useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (text) => (text.trim() === "" ? false : parseInteger(text, { allowOperation: true })),
        });
        useNumpadDecimal();
    }
}

registry.category("fields").add("ctsp_optional_integer", {
    ...integerField,
    component: OptionalIntegerField,
    displayName: _t("Whole Number, Blank When Unknown"),
});
