import { DateTimePicker } from "@web/core/datetime/datetime_picker";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { SearchModel } from "@web/search/search_model";
import { QUARTERS } from "@web/search/utils/dates";
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

    /** Days, not “next year” for the day after New Year's Eve. */
    get diffString() {
        const days = this.diffDays;
        if (days === null || Math.abs(days) > 99) {
            return super.diffString;
        }
        const words = new Intl.RelativeTimeFormat(user.lang, { numeric: "auto" });
        return words.format(days, "day");
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

/**
 * A date filter in the search bar as Chinese says it: 2026年11月, 2026年第4季度. Odoo puts the month before the year
 * in every language (十一月 2026).
 */
patch(SearchModel.prototype, {
    _getDateFilterDomain(dateFilter, generatorIds, key = "domain") {
        const result = super._getDateFilterDomain(...arguments);
        const chinese = key === "description" && user.lang?.startsWith("zh") && typeof result === "string";
        return chinese ? result.split("/").map(chinesePeriod).join("、") : result;
    },
});

function chinesePeriod(period) {
    const [, part, year] = period.match(/^(?:(.+) )?(\d{4})$/) || [];
    if (!part) {
        return year ? `${year}年` : period;
    }
    const month = luxon.Info.months("long").indexOf(part) + 1;
    const quarter = Object.keys(QUARTERS).find((number) => QUARTERS[number].description.toString() === part);
    return month ? `${year}年${month}月` : quarter ? `${year}年第${quarter}季度` : period;
}

patch(DateTimePicker.prototype, {
    get titles() {
        const titles = super.titles;
        const days = user.lang?.startsWith("zh") && this.state.precision === "days" && titles.length === 1;
        return days ? [this.state.focusDate.toFormat("yyyy年M月")] : titles;
    },
});
