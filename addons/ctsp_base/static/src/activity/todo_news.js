import { EventBus } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const SHOWN = 10000; // milliseconds; afterwards it is among the to-dos, and on the home screen

/** What one to-do says; a record that is called as what there is to do is not named once more. */
export function wordsOf(todo) {
    const what = todo.summary || todo.activity_type_id[1];
    const record = todo.res_name || "";
    return !record || what.includes(record) ? _t("New to-do: %s", what) : _t("New to-do “%(what)s”: %(record)s", { what, record });
}

/**
 * To-dos that somebody else gave, as they come: the bus says which, the server is asked what they say. Several at once
 * are one message. The home screen follows (`changes`, event `todo`).
 */
export const todoNews = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service: bus, notification, orm }) {
        const changes = new EventBus();
        let shown = [];
        let close = () => {};

        function open() {
            const [todo] = shown;
            const one = shown.length === 1 && todo.res_model && todo.res_id;
            close();
            return action.doAction(
                one
                    ? { type: "ir.actions.act_window", res_model: todo.res_model, res_id: todo.res_id, views: [[false, "form"]] }
                    : "ctsp_base.my_activity_action"
            );
        }

        function announce(todos) {
            const all = [...shown, ...todos];
            close();
            shown = all;
            const [todo] = all;
            const text =
                all.length > 1
                    ? _t("%s new to-dos", all.length)
                    : wordsOf(todo);
            close = notification.add(text, {
                type: "info",
                className: "o_ctsp_todo_news",
                autocloseDelay: SHOWN,
                buttons: [{ name: _t("Open"), primary: true, onClick: open }],
                onClose: () => (shown = []),
            });
        }

        async function receive({ ids }) {
            const todos = await orm.silent.searchRead(
                "mail.activity",
                [["id", "in", ids], ["user_id", "=", user.userId]],
                ["summary", "activity_type_id", "res_model", "res_id", "res_name"]
            );
            changes.trigger("todo");
            if (todos.length) {
                announce(todos);
            }
        }

        bus.subscribe("ctsp.todo", (news) => receive(news).catch(() => {})); // it is among the to-dos all the same
        bus.start();

        return { changes };
    },
};

registry.category("services").add("ctsp_todo_news", todoNews);
