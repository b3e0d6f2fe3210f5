import { registry } from "@web/core/registry";
import { TimelineArchParser } from "./timeline_arch_parser";
import { TimelineController } from "./timeline_controller";
import { TimelineModel } from "./timeline_model";
import { TimelineRenderer } from "./timeline_renderer";

export const timelineView = {
    type: "ctsp_timeline",
    ArchParser: TimelineArchParser,
    Controller: TimelineController,
    Model: TimelineModel,
    Renderer: TimelineRenderer,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({
        ...genericProps,
        archInfo: new view.ArchParser().parse(genericProps.arch, genericProps.fields),
        Model: view.Model,
        Renderer: view.Renderer,
    }),
};

registry.category("views").add("ctsp_timeline", timelineView);
