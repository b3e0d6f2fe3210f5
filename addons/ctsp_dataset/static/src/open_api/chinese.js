/* Puts the viewer's own texts into Chinese as it draws them, in its shadow roots: the library stays as published. */
(() => {
    const { texts, patterns } = window.ctspWords;
    const ATTRIBUTES = ["placeholder", "title", "aria-label"];
    const LEAVE = "pre, code, textarea, json-tree, script, style";
    const WATCHED = {
        childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
    };
    const watched = new WeakSet();
    // what the viewer says about keys is not so here: the platform signs; on a telephone it leaves descriptions out
    const looks = new CSSStyleSheet();
    looks.replaceSync(`
        .hide-in-small-screen, div:has(> div > .tooltip) { display: none !important; }
        @media (max-width: 767px) {
            .tr { flex-wrap: wrap; max-height: none !important; }
            .tr > .td.key { flex: 1 1 0; min-width: 55%; width: auto; }
            .tr > .td.key-type { flex: 0 1 auto; width: auto; padding-right: 6px; }
            .tr > .td.key-descr { display: block !important; flex: 0 0 100%; padding: 0 0 6px 20px; }
            .table-title.row { flex-wrap: wrap; gap: 4px; }
            .m-table td:first-child { width: 84px !important; min-width: 84px !important; }
        }`);

    function part(text) {
        if (Object.hasOwn(texts, text)) {
            return texts[text];
        }
        const [form, words] = patterns.find(([form]) => form.test(text)) || [];
        return form ? text.replace(form, words) : text;
    }

    /** Several constraints stand in one text, with a bar between them. */
    function chinese(text) {
        const plain = text.replace(/\s+/g, " ").trim();
        if (!/[A-Za-z]/.test(plain)) {
            return text;
        }
        const whole = part(plain);
        const parts = plain.replace(/^Max ┃/, "Max ").split("┃").map((one) => one.trim());
        const said = parts.some((one) => part(one) !== one) ? parts.map(part).join("，") : whole;
        return said === plain ? text : text.replace(/^(\s*)[^]*?(\s*)$/, (_all, before, after) => before + said + after);
    }

    function translate(node) {
        if (node.nodeType === Node.TEXT_NODE) {
            const said = node.parentElement?.closest(LEAVE) ? node.data : chinese(node.data);
            if (said !== node.data) {
                node.data = said;
            }
        } else if (node.nodeType === Node.ELEMENT_NODE) {
            for (const name of ATTRIBUTES.filter((name) => node.hasAttribute(name))) {
                const said = chinese(node.getAttribute(name));
                if (said !== node.getAttribute(name)) {
                    node.setAttribute(name, said);
                }
            }
        }
    }

    function walk(top) {
        const nodes = document.createTreeWalker(top, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        for (let node = top; node; node = nodes.nextNode()) {
            translate(node);
            if (node.shadowRoot) {
                watch(node.shadowRoot);
            }
        }
    }

    /** Nothing here may stop the viewer: what cannot be put into Chinese stays in English. */
    function attempt(task) {
        try {
            task();
        } catch (error) {
            console.warn(error);
        }
    }

    function watch(root) {
        if (watched.has(root)) {
            return;
        }
        watched.add(root);
        new MutationObserver((changes) => attempt(() => {
            for (const { type, target, addedNodes } of changes) {
                (type === "childList" ? addedNodes : [target]).forEach((node) => (
                    type === "childList" ? walk(node) : translate(node)));
            }
            document.dispatchEvent(new CustomEvent("ctsp-drawn", { detail: root }));
        })).observe(root, WATCHED);
        attempt(() => root.adoptedStyleSheets.push(looks));
        attempt(() => walk(root));
    }

    window.ctspChinese = watch;
})();
