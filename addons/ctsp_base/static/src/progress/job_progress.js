import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** A bar inside the form of a record that is its own job; the form is read again when the job ends. */
export class JobProgress extends Component {
    static template = "ctsp_base.JobProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.progress = useService("ctsp_progress");
        this.state = useState(this.progress.state);
        useEffect(
            (job, jobState) => {
                const waiting = ["queued", "running"].includes(jobState);
                if (waiting && !job) {
                    this.progress.refresh();
                } else if (waiting && job.state !== "running") {
                    this.props.record.model.load();
                }
            },
            () => [this.job, this.props.record.data.job_state]
        );
    }

    get job() {
        const { resModel, resId } = this.props.record;
        const jobs = Object.values(this.state.jobs).filter((job) => job.model === resModel && job.record === resId);
        return jobs.sort((a, b) => b.id - a.id)[0];
    }

    get isRunning() {
        return this.job?.state === "running";
    }
}

registry.category("view_widgets").add("ctsp_job_progress", { component: JobProgress });
