import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { pick } from "@web/core/utils/objects";
import { Record } from "@web/model/relational_model/record";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";
import { Many2XAutocomplete } from "@web/views/fields/relational_utils";
import { FormController } from "@web/views/form/form_controller";
import { ListController } from "@web/views/list/list_controller";

// How outside users work with records. Nothing here protects anything; it keeps away what the server would refuse.

patch(Record.prototype, {
    /** A record the server has closed (submitted, say) is shown as text, its lines and files too. */
    get isInEdition() {
        return super.isInEdition && (this.isNew || this.data.desk_editable !== false);
    },
});

patch(FormController.prototype, {
    getStaticActionMenuItems() {
        const open = this.model.root.data.desk_editable !== false;
        return open ? pick(super.getStaticActionMenuItems(), "delete") : {};
    },
});

ListController.defaultProps = { ...ListController.defaultProps, allowSelectors: false };

// Choosing, never creating: no new records on the fly, no forms of other records, a list long enough to need no dialog.
patch(Many2XAutocomplete.prototype, {
    get activeActions() {
        return {};
    },
    addCreateSuggestion() {
        return false;
    },
    addSearchMoreSuggestion() {
        return false;
    },
});
Many2XAutocomplete.defaultProps = { ...Many2XAutocomplete.defaultProps, searchLimit: 60 };

patch(Many2OneField.prototype, {
    get m2oProps() {
        return { ...super.m2oProps, canOpen: false, canCreate: false, canCreateEdit: false, canQuickCreate: false };
    },
});

// Views shared with the back end name a widget of the mail module: a plain name does here.
registry.category("fields").add("many2one_avatar_user", { ...buildM2OFieldDescription(Many2OneField) }, { force: true });
