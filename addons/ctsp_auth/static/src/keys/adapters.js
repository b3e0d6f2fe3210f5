/** @odoo-module ignore */
/**
 * Ways to a key that can sign. An adapter is
 *   { code, label, certificates(file) → [{ id, certificate (base64 DER), label }], sign(id, text) → base64 of r‖s or DER }
 * The private key never comes to the page, but with the software key, which is for development alone.
 * A vendor's middleware gets an adapter of its own: a file in this bundle that calls CtspKeys.add({...}).
 */
(function () {
    "use strict";
    const adapters = new Map();
    const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
    const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

    globalThis.CtspKeys = {
        add: (adapter) => adapters.set(adapter.code, adapter),
        get: (code) => adapters.get(code),
        base64,
        bytes,
    };

    /**
     * The middleware of a UKey as a small service on this computer:
     * GET <url>/certificates → [{ id, certificate, label }], POST <url>/sign { id, text } → { signature }.
     * It asks for the PIN itself.
     */
    async function ask(path, body) {
        const url = document.querySelector("[data-ctsp-middleware]").dataset.ctspMiddleware + path;
        const options = body ? { method: "POST", body: JSON.stringify(body) } : {};
        const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(60000) });
        if (!answer.ok) {
            throw new Error(`middleware ${answer.status}`);
        }
        return answer.json();
    }
    CtspKeys.add({
        code: "middleware",
        certificates: () => ask("/certificates"),
        sign: async (id, text) => (await ask("/sign", { id, text })).signature,
    });

    // ---- the software key: a PEM file with a certificate and its private key (PKCS#8 or EC, not encrypted)
    let opened = null;

    function block(pem, kinds) {
        const found = pem.match(new RegExp(`-----BEGIN (${kinds})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----`));
        return found && bytes(found[2].replace(/\s/g, ""));
    }

    /** The number d of an EC private key: OCTET STRING of 32 bytes behind INTEGER 1. */
    function secret(der) {
        const mark = [0x02, 0x01, 0x01, 0x04, 0x20];
        const start = der.findIndex((_byte, i) => mark.every((value, j) => der[i + j] === value));
        return start < 0 ? null : der.slice(start + 5, start + 37);
    }

    CtspKeys.add({
        code: "software",
        async certificates(file) {
            const pem = await file.text();
            const certificate = block(pem, "CERTIFICATE");
            const key = secret(block(pem, "PRIVATE KEY|EC PRIVATE KEY") || new Uint8Array());
            if (!certificate || !key) {
                throw new Error("no certificate with key");
            }
            opened = key;
            return [{ id: "file", certificate: base64(certificate), label: file.name }];
        },
        sign: async (_id, text) => base64(CtspSm2.sign(opened, text)),
    });
})();
