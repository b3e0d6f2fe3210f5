import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

// Lists of the desk have no boxes to tick, as nothing is done with several records at once; this one has.
registry.category("views").add("ctsp_desk_select", {
    ...listView,
    props: (genericProps, view) => ({ ...listView.props(genericProps, view), allowSelectors: true }),
});
