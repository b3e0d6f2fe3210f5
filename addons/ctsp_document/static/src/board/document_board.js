import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The papers of a record: one line per type, with what can be done next. */
export class DocumentBoard extends Component {
    static template = "ctsp_document.Board";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    async make(line) {
        const { record } = this.props;
        if (await record.save()) {
            await this.action.doActionButton({
                type: "object",
                name: "action_document_make",
                resModel: record.resModel,
                resId: record.resId,
                resIds: [record.resId],
                buttonContext: { document_code: line.code },
                onClose: () => record.load(),
            });
        }
    }

    open(paper) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ctsp.document",
            res_id: paper.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("ctsp_document_board", { component: DocumentBoard, supportedTypes: ["json"] });
