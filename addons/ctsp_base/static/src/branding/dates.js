import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { DateTimeField, dateField, dateTimeField } from "@web/views/fields/datetime/datetime_field";
import { RemainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";
import { listDateField, listDateTimeField } from "@web/views/fields/datetime/list_datetime_field";

/**
 * Dates in full, 2026-01-10, everywhere. Odoo leaves the year out within the current one (1月10日), which in files
 * that are read years later, and in terms that end next year, is a trap.
 */
patch(DateTimeField.prototype, {
    getFormattedValue(valueIndex) {
        return super.getFormattedValue(valueIndex, true);
    },
});

patch(RemainingDaysField.prototype, {
    get formattedValue() {
        return this.numericValue;
    },
});

for (const field of [dateField, dateTimeField, listDateField, listDateTimeField]) {
    const width = field.listViewWidth;
    field.listViewWidth = ({ options, ...rest }) => width({ ...rest, options: { ...options, numeric: true } });
}

const formatters = registry.category("formatters");
for (const name of ["date", "datetime"]) {
    const stock = formatters.get(name);
    const full = (value, options) => stock(value, { ...options, numeric: true });
    full.extractOptions = stock.extractOptions;
    formatters.add(name, full, { force: true });
}
