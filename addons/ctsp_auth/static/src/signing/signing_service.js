import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { SigningDialog } from "./signing_dialog";

const WANTED = "odoo.addons.ctsp_auth.tools.signing.SignatureWanted";

/**
 * A call that the server answers with "this is to be signed" (ctsp_auth/tools/signing.py) is made again with the
 * signature, whichever button, dialog or view made it. Whoever cancels has changed nothing.
 */
const signingService = {
    dependencies: ["dialog"],
    start(_env, { dialog }) {
        const plain = rpc._rpc;

        function ask(asked, anew) {
            return new Promise((resolve) => {
                const answer = (given) => resolve(given);
                dialog.add(SigningDialog, { asked, anew, answer }, { onClose: () => resolve(null) });
            });
        }

        function withAnswer(params, answer) {
            const context = { ...params.kwargs.context, ctsp_signature: answer };
            return { ...params, kwargs: { ...params.kwargs, context } };
        }

        async function again(error, url, params, settings) {
            /** What is to be signed with this certificate; nothing where the server has something else to say. */
            async function anew(certificate) {
                try {
                    await plain(url, withAnswer(params, { certificate }), { ...settings, silent: true });
                } catch (wanted) {
                    if (wanted.exceptionName === WANTED) {
                        return wanted.data.context.texts;
                    }
                }
                return null;
            }

            const answer = await ask(error.data.context, anew);
            if (!answer) {
                throw error;
            }
            return rpc(url, withAnswer(params, answer), settings);
        }

        rpc._rpc = function (url, params, settings) {
            const call = plain(url, params, settings);
            if (!params?.kwargs) {
                return call;
            }
            const result = call.catch((error) => {
                if (error.exceptionName === WANTED) {
                    return again(error, url, params, settings);
                }
                throw error;
            });
            result.abort = call.abort;
            return result;
        };
    },
};
registry.category("services").add("ctsp_signing", signingService);

registry.category("error_notifications").add(WANTED, {
    message: _t("Not signed: nothing was changed."),
    type: "warning",
});
