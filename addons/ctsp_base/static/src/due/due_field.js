import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { DateTimeField } from "@web/views/fields/datetime/datetime_field";
import { RemainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A date counted in working days. Where the official calendar of its year is not published yet a sign says so, for the
 * date may still move. `options="{'remaining': True}"` shows the days left instead of the date.
 */
export class DueField extends Component {
    static props = { ...standardFieldProps, remaining: { type: Boolean, optional: true } };
    static template = xml`
        <div class="d-inline-flex align-items-baseline gap-1">
            <t t-component="inner" t-props="innerProps"/>
            <i t-if="uncertain" class="fa fa-exclamation-triangle text-warning" role="img"
               t-att-title="warning" t-att-aria-label="warning" t-att-data-tooltip="warning"/>
        </div>`;

    get inner() {
        return this.props.remaining ? RemainingDaysField : DateTimeField;
    }

    get innerProps() {
        const { remaining, ...rest } = this.props;
        return rest;
    }

    /** The first year whose calendar is not known, when the date or the time until then lies in one. */
    get uncertain() {
        const date = this.props.record.data[this.props.name];
        return date && date > luxon.DateTime.now().startOf("day") && date.year >= session.ctsp_calendar_from;
    }

    get warning() {
        const years = `${session.ctsp_calendar_from}`;
        return _t("The official holiday calendar of %s is not published yet: the date may still move.", years);
    }
}

registry.category("fields").add("ctsp_due", {
    component: DueField,
    displayName: _t("Date Counted in Working Days"),
    supportedTypes: ["date"],
    extractProps: ({ options }) => ({ remaining: Boolean(options.remaining) }),
    listViewWidth: 130,
});
