from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskCase

FLOW = """
(async () => {
    const until = async (what, found) => {
        for (let n = 0; n < 1200; n++) {
            const result = found();
            if (result) { return result; }
            await new Promise((done) => setTimeout(done, 50));
        }
        throw new Error(`waited in vain for ${what}`);
    };
    const one = (selector) => until(selector, () => document.querySelector(selector));
    const click = async (selector) => (await one(selector)).click();
    const fill = async (selector, text) => {
        const input = await one(selector);
        input.focus();
        input.value = text;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    try {
        await click(".o_desk_new button[data-entry='test-requests']");
        await one(".o_form_view .o_field_widget[name='name']");
        await fill(".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea", "%(name)s");
        await click(".o_notebook a[name='lines']");
        await click(".o_field_widget[name='line_ids'] .o_field_x2many_list_row_add a");
        await fill(".o_field_widget[name='line_ids'] .o_selected_row [name='name'] input", "第一行");
        await click(".o_notebook a[name='files']");
        await click(".o_field_widget[name='file_ids'] .o_field_x2many_list_row_add a");
        const input = await one(".o_field_widget[name='file_ids'] .o_selected_row input[type='file']");
        const choice = new DataTransfer();
        choice.items.add(new File(["%%PDF-1.4 sample"], "plan.pdf", { type: "application/pdf" }));
        input.files = choice.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        await until("the file's name", () =>
            document.querySelector("[name='file_ids'] .o_data_row input")?.value === "plan.pdf");
        await click(".o_form_button_save");
        await click("button[name='action_transition']:not([disabled])");
        await until("the record to close", () => document.querySelector(".o_form_view .o_form_readonly"));
        await until("the submitted state", () =>
            document.querySelector(".o_statusbar_status .o_arrow_button_current[data-value='submitted']"));
        if (document.querySelector(".o_field_x2many_list_row_add")) {
            throw new Error("lines can still be added");
        }
        await click(".o_desk_nav_item[data-entry='test-requests']");
        await until("the list", () => document.querySelectorAll(".o_list_view .o_data_row").length === 2);
        console.log("test successful");
    } catch (error) {
        console.error(error.message);
    }
})();
"""


@tagged("post_install", "-at_install")
class TestDeskBrowser(DeskCase):
    """The desk in a real browser, and the page around it."""

    @classmethod
    def _desk_record(cls, user, label):
        return cls.env["ctsp.test.request"].with_user(user).create({
            "name": label, "line_ids": [Command.create({"name": label})],
        })

    def test_draft_and_submit(self):
        """A share user drafts a request with a line and a file on the desk and submits it."""
        self.browser_js(
            "/my/desk", FLOW % {"name": "浏览器中的申请"}, "!!document.querySelector('.o_desk_home')",
            login=self.user_a.login, timeout=180,
        )
        request = self.env["ctsp.test.request"].search([("name", "=", "浏览器中的申请")])
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.owner_partner_id, self.company_a)
        self.assertEqual(request.line_ids.name, "第一行")
        self.assertEqual((request.file_ids.file_name, request.file_ids.size), ("plan.pdf", 15))

    def test_page(self):
        """The page is not stored, not framed and not for internal users."""
        self._sign_in(self.user_a)
        response = self.url_open("/my/desk")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["X-Frame-Options"], "DENY")
        officer = self.role("filing_officer")
        officer.password = "filing officer"
        self.authenticate(officer.login, "filing officer")
        self.assertNotIn("/my/desk", self.url_open("/my/desk").url)

    def test_landing(self):
        """After sign-in a share user stands on the desk, also when he came by another door."""
        self._sign_in(self.user_a)
        for door in ("/", "/my", "/my/home", "/odoo", "/web"):
            self.assertTrue(self.url_open(door).url.endswith("/my/desk"), door)

    def test_desk_serves_its_own_screens(self):
        """An action of the desk is served by id, xml id and path."""
        self._sign_in(self.user_a)
        action = self.env.ref("ctsp_test_kernel.test_request_action_desk")
        for name in (action.id, action.path, action.xml_id):
            self.assertEqual(self.make_jsonrpc_request("/web/action/load", {"action_id": name})["id"], action.id)

    def test_first_page(self):
        """The cards count the own organisation's records only."""
        self._sign_in(self.user_a)
        home = self.make_jsonrpc_request("/ctsp/desk/home")
        drafts = next(card for card in home["cards"] if card["context"].get("search_default_draft"))
        self.assertEqual(drafts["count"], 1)
        self.assertEqual([entry["path"] for entry in home["new"]], ["test-requests"])

    def test_password(self):
        """The own password is changed with the old one only; the session stays open."""
        self._sign_in(self.user_a)
        old = self._password(self.user_a)
        answer = self._rpc("/ctsp/desk/password", old="wrong", new="Another-own-1")
        self.assertIn("error", answer)
        self.assertTrue(self.make_jsonrpc_request("/ctsp/desk/password", {"old": old, "new": "Another-own-1"}))
        self.assertTrue(self.make_jsonrpc_request("/ctsp/desk/home"))
