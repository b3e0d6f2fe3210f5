import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const POLL_DELAY = 3000;

/**
 * Knows the user's running work. The bus brings news at once; while something runs the server is asked now and
 * then as well, in case the web socket is closed to us.
 */
export const progressService = {
    dependencies: ["bus_service", "orm", "notification", "action"],

    start(env, { bus_service: bus, orm, notification, action }) {
        const state = reactive({ jobs: {} });
        let poll = null;

        function running() {
            return Object.values(state.jobs).some((job) => job.state === "running");
        }

        function announce(job) {
            if (job.state === "failed") {
                notification.add(job.message, { title: job.title, type: "danger", sticky: true });
            } else if (job.action) {
                const remove = notification.add(_t("Ready."), {
                    title: job.title,
                    type: "success",
                    sticky: true,
                    buttons: [
                        {
                            name: _t("Open"),
                            primary: true,
                            onClick: () => {
                                remove();
                                action.doAction(job.action);
                            },
                        },
                    ],
                });
            }
        }

        function receive(job) {
            const before = state.jobs[job.id];
            if (job.background || job.state === "running") {
                state.jobs[job.id] = job;
            } else {
                delete state.jobs[job.id];
            }
            // what ran at once was answered at once: no second message
            if (job.background && before?.state === "running" && job.state !== "running") {
                announce(job);
            }
            schedule();
        }

        async function refresh() {
            for (const job of await orm.silent.call("ctsp.progress", "my_jobs", [])) {
                receive(job);
            }
        }

        function schedule() {
            browser.clearTimeout(poll);
            if (running()) {
                poll = browser.setTimeout(() => refresh().catch(schedule), POLL_DELAY);
            }
        }

        bus.subscribe("ctsp.progress", receive);
        bus.start();
        refresh().catch(() => {});

        return {
            state,
            refresh,
            cancel: (id) => orm.call("ctsp.progress", "action_cancel", [[id]]),
            open: (job) => job.action && action.doAction(job.action),
            dismiss: (id) => delete state.jobs[id],
        };
    },
};

registry.category("services").add("ctsp_progress", progressService);
