import { exprToBoolean } from "@web/core/utils/strings";
import { visitXML } from "@web/core/utils/xml";
import { getActiveActions } from "@web/views/utils";

const FIELDS = ["date_start", "date_stop", "actual_start", "actual_stop", "due", "color", "reason"];

export class TimelineArchParser {
    parse(arch, fields) {
        const info = {
            activeActions: getActiveActions(arch),
            canEdit: exprToBoolean(arch.getAttribute("edit"), true),
            scale: arch.getAttribute("scale") || "quarter",
            rows: [],
            fields: [],
            names: {},
        };
        for (const name of FIELDS) {
            info.names[name] = arch.getAttribute(name) || "";
        }
        visitXML(arch, (node) => {
            if (node.tagName === "rows") {
                const names = node.getAttribute("fields").split(",");
                info.rows.push({
                    key: node.getAttribute("name"),
                    label: node.getAttribute("string"),
                    model: node.getAttribute("model") || "",
                    text: (node.getAttribute("text") || "").split(",").filter((name) => name in fields),
                    fields: names.filter((name) => name in fields),
                });
            } else if (node.tagName === "field" && node.getAttribute("name") in fields) {
                info.fields.push(node.getAttribute("name"));
            }
        });
        return info;
    }
}
