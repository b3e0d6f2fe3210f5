import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { CodeEditor } from "@web/core/code_editor/code_editor";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { release, viewerUrl } from "../paper/paper";

const DELAY = 900; // ms without a key before the paper is set again

/** A template and, beside it, the paper it gives with sample values; problems are told line by line. */
export class TemplateEditor extends Component {
    static template = "ctsp_document.TemplateEditor";
    static components = { CodeEditor };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ problems: [], url: "", given: "", session: 1, busy: false, tab: "paper", pages: 0 });
        this.source = useRef("source");
        this.isDirty = false;
        // the record follows when the editor is left or the form saved, not at each key: keys would overtake one another
        const { bus } = this.props.record.model;
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.commit());
        useBus(bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.commit()));
        useRecordObserver((record) => {
            const value = record.data[this.props.name] || "";
            if (!this.isDirty && value !== this.text) {
                this.text = value;
                this.state.given = value;
                this.state.session++; // a new session shows the text even when it was given before (discard)
            }
        });
        useEffect(
            () => {
                const editor = this.source.el.querySelector(".ace_editor");
                window.ace.edit(editor).getSession().setUseWrapMode(true);
            },
            () => [this.state.session]
        );
        this.later = useDebounced(() => this.preview(), DELAY);
        onWillStart(() => {
            this.preview();
        });
        onWillUnmount(() => this.forget());
    }

    get guide() {
        return this.props.record.data.guide || { values: [], blocks: [] };
    }

    get src() {
        return viewerUrl(this.state.url);
    }

    onChange(value) {
        if (value !== this.text) {
            this.text = value;
            this.isDirty = true;
            this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
            this.later();
        }
    }

    async commit() {
        if (this.isDirty) {
            this.isDirty = false;
            await this.props.record.update({ [this.props.name]: this.text });
            this.props.record.model.bus.trigger("FIELD_IS_DIRTY", false);
        }
    }

    async preview() {
        const { resId, resModel } = this.props.record;
        if (!resId) {
            return;
        }
        const asked = this.text;
        this.state.busy = true;
        try {
            const answer = await this.orm.silent.call(resModel, "preview", [[resId], asked]);
            if (asked !== this.text) {
                return; // overtaken by what was typed since
            }
            this.state.problems = answer.problems;
            if (answer.pdf) {
                this.forget();
                const bytes = Uint8Array.from(atob(answer.pdf), (char) => char.charCodeAt(0));
                this.state.url = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
                this.state.pages = answer.pages;
            }
        } finally {
            this.state.busy = false;
        }
    }

    forget() {
        if (this.state.url) {
            release(this.state.url);
        }
    }
}

registry.category("fields").add("ctsp_template", {
    component: TemplateEditor,
    supportedTypes: ["text"],
    fieldDependencies: [{ name: "guide", type: "json", readonly: true }],
});
