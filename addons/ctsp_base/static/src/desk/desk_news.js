import { EventBus } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/**
 * News for the organisation, as it comes: the bus says that there is some, the server is asked what it says. Shown on
 * whatever page the user works; the first page follows (`changes`, event `home`).
 */
export const deskNews = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service: bus, notification, orm }) {
        const changes = new EventBus();
        const shown = new Map(); // notice → how to take it off the screen

        /** Put a notice away; it stays in the list of notices. */
        const dismiss = (notice) => orm.call("ctsp.desk.notice", "action_seen", [[notice.id]]);

        async function open(notice) {
            shown.get(notice.id)?.();
            await dismiss(notice);
            if (notice.action_id && notice.res_id) {
                await action.doAction(notice.action_id, { viewType: "form", props: { resId: notice.res_id } });
            }
        }

        function announce(notice) {
            const close = notification.add([notice.title, notice.note].filter(Boolean).join("：\n"), {
                type: notice.tone,
                sticky: true,
                className: "o_desk_news",
                buttons: [{ name: _t("Open"), primary: true, onClick: () => open(notice) }],
                onClose: () => shown.delete(notice.id),
            });
            shown.set(notice.id, close);
        }

        bus.subscribe("ctsp.desk.notice", async ({ id }) => {
            const home = await rpc("/ctsp/desk/home", {}, { silent: true });
            changes.trigger("home", home);
            const unread = new Map(home.notices.map((notice) => [notice.id, notice]));
            // what was said about the same record before does not hold any more
            [...shown].filter(([other]) => !unread.has(other)).forEach(([, close]) => close());
            if (unread.has(id) && !shown.has(id)) {
                announce(unread.get(id));
            }
        });
        bus.start();

        return { changes, dismiss, open };
    },
};

registry.category("services").add("ctsp_desk_news", deskNews);
