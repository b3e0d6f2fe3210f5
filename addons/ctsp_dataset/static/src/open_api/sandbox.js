/* 试一试: requests to the interface are signed by the platform with a test key of the institution, then sent. */
(() => {
    const PREFIX = "/ctsp/open/v1/";
    const OPEN = [`${PREFIX}openapi.json`, `${PREFIX}docs`];
    const LIMIT = 8 * 1024 * 1024;
    const UNSENT = {
        400: "页面已过期：请刷新后再试", 413: "内容过长：在页面上试一试不超过 8 MiB，更大的请用贵方程序报送",
    };
    const send = window.fetch.bind(window);
    const sandbox = { keys: [], token: "", key: null, panel: null, number: "", upload: "" };

    sandbox.load = async () => {
        const answer = await send("/ctsp/outside/open/keys", { headers: { Accept: "application/json" } });
        const { data } = await answer.json();
        sandbox.token = data.token;
        sandbox.keys = data.keys.filter((one) => one.signs);
        sandbox.key = sandbox.keys[0];
        return data;
    };

    /** What was not sent is shown where the answer would be. */
    function unsent(status, told) {
        return new Response(JSON.stringify(told), {
            status, statusText: "Not sent", headers: { "Content-Type": "application/json" },
        });
    }

    function envelope(status, message) {
        return unsent(status, { code: status * 100, message, data: {}, requestId: "" });
    }

    /** What a program would have to send, with the text that was signed: to be compared with one's own. */
    function explained(request, target, headers, digest, body) {
        const quote = (text) => `'${text.replace(/'/g, `'"'"'`)}'`;
        const signed = [request.method, target, headers.timestamp, headers.nonce, digest];
        const sent = { ...headers };
        const type = request.headers.get("Content-Type");
        if (body.size && type) {
            sent["Content-Type"] = type;
        }
        const lines = [
            "# 待签文本（各行之间只有一个换行符，末尾不换行）；sign = HMAC-SM3(密钥, 待签文本)",
            ...signed.map((line) => `# ${line}`),
            "# 这个签名已用过：重发须换 timestamp、nonce 重新签名",
            `curl -X ${request.method} ${quote(request.url)}`,
            ...Object.entries(sent).map(([name, value]) => ` -H ${quote(`${name}: ${value}`)}`),
        ];
        return { lines, quote };
    }

    async function show(panel, request, target, told, body) {
        const { lines, quote } = explained(request, target, told.headers, told.digest, body);
        if (body.size) {
            const isText = /json|text/.test(request.headers.get("Content-Type")) && body.size < 100_000;
            lines.push(` --data-binary ${isText ? quote(await body.text()) : "@文件"}`);
        }
        const comments = lines.filter((line) => line.startsWith("#"));
        panel.curlSyntax = `${comments.join("\n")}\n${lines.slice(comments.length).join(" \\\n")}`;
    }

    /** Ask the platform to sign; what it refuses is shown in the place of the answer, nothing is sent then. */
    async function signed(request) {
        const body = await request.clone().blob();
        if (body.size > LIMIT) {
            return envelope(413, UNSENT[413]);
        }
        const target = request.url.slice(location.origin.length);
        const form = new FormData();
        const fields = { csrf_token: sandbox.token, key: sandbox.key.key, method: request.method, target };
        Object.entries(fields).forEach(([name, value]) => form.set(name, value));
        form.set("content", body, "content");
        const answer = await send("/ctsp/outside/open/sign", { method: "POST", body: form });
        const told = await answer.json().catch(() => null);
        if (!told) {
            return envelope(answer.status, UNSENT[answer.status] || "平台没有签名：请刷新页面后再试");
        }
        if (told.code) {
            return unsent(answer.status, told);
        }
        const headers = new Headers(request.headers);
        Object.entries(told.data.headers).forEach(([name, value]) => headers.set(name, value));
        if (sandbox.panel) {
            await show(sandbox.panel, request, target, told.data, body);
        }
        return send(new Request(request, { headers }));
    }

    window.fetch = (asked, options) => {
        const isCall = asked instanceof Request && sandbox.key && asked.url.startsWith(location.origin + PREFIX);
        return isCall && !OPEN.includes(new URL(asked.url).pathname) ? signed(asked) : send(asked, options);
    };

    document.addEventListener("before-try", (event) => {
        sandbox.panel = event.composedPath()[0];
        sandbox.panel.activeResponseTab = "response";
    });
    document.addEventListener("after-try", ({ detail }) => {
        sandbox.number = detail.responseBody?.data?.number || sandbox.number;
        sandbox.upload = detail.responseBody?.data?.upload || sandbox.upload;
    });

    const fresh = () => `try-${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
    const VALUES = {
        requestId: fresh, number: () => sandbox.number, upload: () => sandbox.upload, part: () => "1",
        code: () => sandbox.key.datasets[0] || "",
    };

    /** Fill in what a person would have to make up or to copy, in fields that are empty. */
    sandbox.fill = (root) => {
        for (const [name, value] of sandbox.key ? Object.entries(VALUES) : []) {
            const field = root.querySelector(`input.request-param[data-pname="${name}"]`);
            if (field && !field.value && field !== root.activeElement) {
                field.value = value();
            }
        }
    };

    window.ctspSandbox = sandbox;
})();
