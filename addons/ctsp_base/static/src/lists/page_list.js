import { registry } from "@web/core/registry";
import { omit, pick } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { FormController } from "@web/views/form/form_controller";

import { onWillStart, onWillUpdateProps } from "@odoo/owl";

/**
 * `widget="ctsp_page_list"`: the rows of a list on a page of a form are read when the page is opened, not with the form.
 * A form of eight lists opens as fast as one of none, and personal data nobody looked at is not logged as read.
 */
const WIDGET = "ctsp_page_list";

patch(FormController.prototype, {
    setup() {
        super.setup();
        const nodes = Object.values(this.archInfo.fieldNodes);
        this.model.pageLists = nodes.filter((node) => node.widget === WIDGET).map((node) => node.name);
        this.model.openedLists = new Set();
    },
});

patch(RelationalModel.prototype, {
    /** Leave out of the form's record what stands on pages nobody has opened yet. */
    _loadRecords(config, ...rest) {
        const waiting = config.isRoot ? this.waitingLists : [];
        return super._loadRecords({ ...config, activeFields: omit(config.activeFields, ...waiting) }, ...rest);
    },

    get waitingLists() {
        return (this.pageLists || []).filter((name) => !this.openedLists.has(name));
    },

    /** Read the rows of the list `name` of the form's record, once: later loads of the form bring them along. */
    async openList(record, name) {
        if (record.config.isRoot && this.waitingLists.includes(name)) {
            this.openedLists.add(name);
            if (!record.isNew) {
                await this.mutex.exec(() => this._readList(record, name));
            }
        }
    },

    async _readList(record, name) {
        const config = { ...record.config, isRoot: false, activeFields: pick(record.config.activeFields, name) };
        const [values] = await this._loadRecords(config, record.evalContext);
        record._applyValues(values);
    },
});

patch(Record.prototype, {
    /** A list that fresh data do not bring stays as it is. */
    _setData(data, options) {
        const lists = (this.config.isRoot && this.model.pageLists) || [];
        const absent = lists.filter((name) => !(name in data));
        const kept = pick(this.data || {}, ...absent);
        super._setData({ ...Object.fromEntries(absent.map((name) => [name, []])), ...data }, options);
        if (Object.keys(kept).length) {
            Object.assign(this._values, kept);
            Object.assign(this.data, kept);
            this._setEvalContext();
        }
    },
});

export class PageListField extends X2ManyField {
    setup() {
        super.setup();
        onWillStart(() => this.open(this.props));
        onWillUpdateProps((next) => this.open(next));
    }

    open({ record, name }) {
        return record.model.openList(record, name);
    }
}

registry.category("fields").add(WIDGET, { ...x2ManyField, component: PageListField });
