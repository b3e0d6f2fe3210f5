from odoo.tests import HttpCase, tagged

from .common import DocumentCase

WAIT = """
const wait = async (what, find) => {
    for (let i = 0; i < 600; i++) {
        const found = find();
        if (found) { return found; }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("never seen: " + what);
};
const one = (selector) => document.querySelector(selector);
"""

SIGN = "(async () => {" + WAIT + """
    const draw = (canvas) => {
        const box = canvas.getBoundingClientRect();
        const fire = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
            bubbles: true, pointerId: 1, button: 0, clientX: box.left + x, clientY: box.top + y}));
        canvas.setPointerCapture = () => {};
        fire("pointerdown", 20, 30);
        for (let i = 0; i < 30; i++) { fire("pointermove", 20 + 6 * i, 30 + (i % 5) * 20); }
        fire("pointerup", 200, 60);
    };
    (await wait("the button", () => one("button[name=action_sign]"))).click();
    for (const name of ["王㙓（示例）", "李𠮷（示例）"]) {
        await wait("an empty pad", () => one(".modal .o_ctsp_signature_hint"));
        const input = one(".modal [name=name] input");
        input.value = name;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
        draw(one(".modal canvas"));
        await wait("ink", () => !one(".modal .o_ctsp_signature_hint"));
        [...document.querySelectorAll(".modal button[name=action_confirm]")][0].click();
        await wait("the next sheet or the end", () => !one(".modal") || one(".modal .o_ctsp_signature_hint"));
    }
    await wait("no sheet", () => !one(".modal"));
    await wait("the paper", () => one(".o_ctsp_paper iframe"));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""

EDIT = "(async () => {" + WAIT + """
    const editor = window.ace.edit(one(".ace_editor"));
    await wait("the paper", () => one(".o_ctsp_template_side iframe"));
    editor.navigateFileEnd();
    for (const key of "\\n{{ nmae }}") { editor.insert(key); await new Promise((done) => setTimeout(done, 20)); }
    const problem = await wait("a problem", () => one(".o_ctsp_template_side .alert-danger"));
    if (!problem.textContent.includes("nmae")) { throw new Error("wrong problem: " + problem.textContent); }
    if (!editor.getValue().endsWith("{{ nmae }}")) { throw new Error("typed text was lost: " + editor.getValue()); }
    editor.setValue("{{ title() }}<p>{{ name }}</p>", 1);
    await wait("no problem", () => !one(".o_ctsp_template_side .alert-danger"));
    one(".o_form_button_save").click();
    await wait("it is saved", () => !one(".o_form_status_indicator_buttons:not(.invisible)"));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestScreens(DocumentCase, HttpCase):
    """In a browser: both parties sign by hand; an administrator edits a template and sees what is wrong."""

    def test_sign(self):
        document = self.draft()
        self.inspector.sudo().password = self.inspector.login
        self.browser_js(
            f"/odoo/documents/{document.id}", SIGN, ready="document.querySelector('.o_ctsp_document_form') !== null",
            login=self.inspector.login, timeout=180)
        document.invalidate_recordset()
        self.assertEqual(document.sign_state, "complete")
        self.assertEqual(document.signature_ids.mapped("name"), ["王㙓（示例）", "李𠮷（示例）"])
        self.assertTrue(all(document.signature_ids.mapped("image_digest")))

    def test_edit(self):
        steward = self.role("data_steward")
        steward.sudo().password = steward.login
        template = self.env["ctsp.document.template"].with_user(steward).browse(
            self.template.with_user(steward).action_next_version()["res_id"])
        action = self.env.ref("ctsp_document.ctsp_document_template_action")
        self.browser_js(
            f"/odoo/action-{action.id}/{template.id}", EDIT,
            ready="document.querySelector('.ace_editor') !== null && !!window.ace", login=steward.login, timeout=180)
        template.invalidate_recordset()
        self.assertEqual(template.content, "{{ title() }}<p>{{ name }}</p>")
