import { startWebClient } from "@web/start";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { DeskClient } from "./desk_client";

// The web client hides every error from who is no internal user, also what the server says no to and why: a form that
// could not be saved would seem to be. What the server says is shown, mishaps of the page are not.
const HIDE = "swallowAllVisitorErrors";
const handlers = registry.category("error_handlers");
const hide = handlers.get(HIDE, () => false);
const told = (error) => error instanceof RPCError || error instanceof ConnectionLostError;
handlers.add(HIDE, (env, error, original) => !told(original) && hide(env, error, original), { force: true, sequence: 0 });

startWebClient(DeskClient);
