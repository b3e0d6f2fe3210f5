/* global CtspKeys */
import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/** Signs the texts of a step with a certificate of the person: reads the key, lets him choose, gives the answer. */
export class SigningDialog extends Component {
    static template = "ctsp_auth.SigningDialog";
    static components = { Dialog };
    static props = { asked: Object, anew: Function, answer: Function, close: Function };

    setup() {
        const [first] = this.props.asked.adapters;
        this.state = useState({ adapter: first?.[0] || "", found: [], chosen: "", said: "", busy: false });
    }

    get records() {
        const { records, count } = this.props.asked;
        return records.join("、") + (count > records.length ? _t(" and others (%s)", count) : "");
    }

    get isFile() {
        return this.state.adapter === "software";
    }

    choose(adapter) {
        Object.assign(this.state, { adapter, found: [], chosen: "", said: "" });
    }

    async read(file) {
        this.state.said = "";
        try {
            const found = await CtspKeys.get(this.state.adapter).certificates(file);
            const expected = found.find((one) => one.certificate === this.props.asked.certificate);
            Object.assign(this.state, { found, chosen: (expected || found[0])?.id || "" });
            if (!found.length) {
                this.state.said = _t("No certificate was found on the key.");
            }
        } catch {
            Object.assign(this.state, { found: [], chosen: "" });
            this.state.said = _t("The key could not be read. Is it plugged in, and is its driver running?");
        }
    }

    /** A paper names the certificate: what was made for another one is made anew before it is signed, not after. */
    async texts(certificate) {
        const { asked, anew } = this.props;
        return certificate === asked.certificate ? asked.texts : (await anew(certificate)) || asked.texts;
    }

    async sign() {
        const chosen = this.state.found.find((one) => one.id === this.state.chosen);
        Object.assign(this.state, { busy: true, said: "" });
        try {
            const texts = await this.texts(chosen.certificate);
            const signatures = [];
            for (const text of texts) {
                signatures.push(await CtspKeys.get(this.state.adapter).sign(chosen.id, text));
            }
            this.give({ texts, certificate: chosen.certificate, signatures });
        } catch {
            Object.assign(this.state, { busy: false });
            this.state.said = _t("This did not succeed. Was the PIN entered correctly? Please try again.");
        }
    }

    decline() {
        this.give({ declined: true });
    }

    give(answer) {
        this.props.answer(answer);
        this.props.close();
    }
}
