/* The page around the viewer: who may try, with which key; the list of operations where the viewer shows none. */
(() => {
    const viewer = document.querySelector("rapi-doc");
    const place = document.getElementById("sandbox");
    const operations = document.getElementById("operations");
    const sandbox = window.ctspSandbox;

    function link(text, address) {
        const anchor = document.createElement("a");
        anchor.href = address;
        anchor.textContent = text;
        return anchor;
    }

    function keys() {
        if (sandbox.keys.length === 1) {
            return sandbox.key.key;
        }
        const choice = document.createElement("select");
        choice.setAttribute("aria-label", "测试密钥");
        for (const one of sandbox.keys) {
            choice.add(new Option(one.note ? `${one.key}（${one.note}）` : one.key, one.key));
        }
        choice.addEventListener("change", () => {
            sandbox.key = sandbox.keys.find((one) => one.key === choice.value);
        });
        return choice;
    }

    function tell(data) {
        if (sandbox.key) {
            const more = document.createElement("span");
            more.className = "more";
            more.textContent = "，由平台代为签名，数据只校验、不入库";
            place.classList.add("ready");
            place.replaceChildren(`沙箱：${data.institution} `, keys(), more);
            viewer.setAttribute("allow-try", "true");
        } else if (!data.signedIn) {
            place.replaceChildren("在沙箱中试一试：", link("用机构账号登录", "/web/login?redirect=/ctsp/open/v1/docs"));
        } else if (data.keys.length) {
            place.replaceChildren("测试密钥为 SM2，私钥在贵方，页面不能代为签名；可另申请一把 HMAC-SM3 测试密钥");
        } else if (data.institution) {
            place.replaceChildren(`${data.message} `, link("接口对接测试", "/my/desk/conformance"));
        } else {
            place.replaceChildren(data.message);
        }
    }

    function list({ detail }) {
        operations.replaceChildren(new Option("概述", "overview"), ...detail.tags.map((tag) => {
            const group = document.createElement("optgroup");
            group.label = tag.name;
            group.append(...tag.paths.map((one) => new Option(one.summary, one.elementId)));
            return group;
        }));
        chosen();
    }

    function chosen() {
        const id = decodeURIComponent(location.hash.slice(1)) || "overview";
        operations.value = [...operations.options].some((one) => one.value === id) ? id : "overview";
    }

    operations.addEventListener("change", () => viewer.scrollToPath(operations.value));
    window.addEventListener("hashchange", chosen);
    viewer.addEventListener("spec-loaded", list);
    document.addEventListener("ctsp-drawn", ({ detail }) => sandbox.fill(detail));
    customElements.whenDefined("rapi-doc").then(() => window.ctspChinese(viewer.shadowRoot));
    sandbox.load().then(tell).catch(() => place.replaceChildren("暂时不能试一试：请刷新页面"));
})();
