import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** The user's running work in the top bar: a bar for each job, hidden when there is none. */
export class ProgressMenu extends Component {
    static template = "ctsp_base.ProgressMenu";
    static components = { Dropdown };
    static props = {};

    setup() {
        this.progress = useService("ctsp_progress");
        this.state = useState(this.progress.state);
    }

    get jobs() {
        return Object.values(this.state.jobs).sort((a, b) => b.id - a.id);
    }

    get runningJobs() {
        return this.jobs.filter((job) => job.state === "running");
    }

    get percent() {
        const jobs = this.runningJobs;
        return Math.round(jobs.reduce((sum, job) => sum + job.percent, 0) / jobs.length);
    }

    barClass(job) {
        return { running: "progress-bar-striped progress-bar-animated", done: "bg-success", failed: "bg-danger" }[
            job.state
        ];
    }
}

registry.category("systray").add("ctsp_base.ProgressMenu", { Component: ProgressMenu }, { sequence: 30 });
