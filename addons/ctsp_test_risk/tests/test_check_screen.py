from odoo.tests import HttpCase, tagged

from .test_check import CheckCase

SCRIPT = """
(async () => {
    const wait = async (what, find) => {
        for (let i = 0; i < 600; i++) {
            const found = find();
            if (found) { return found; }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error("never seen: " + what);
    };
    if (document.querySelector("[name=score]")) { throw new Error("the field is on the first page already"); }
    (await wait("a link", () => document.querySelector(".o_ctsp_check_results li a"))).click();
    await wait("the field with the focus", () => document.activeElement.closest("[name=score]"));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestCheckScreen(CheckCase, HttpCase):
    """In a browser: the link of a result opens the page of its field and puts the cursor there."""

    def test_link_leads_to_the_field(self):
        record = self.record(score=1)
        self.run_as(self.officer, record)
        self.browser_js(
            f"/odoo/test-checked/{record.id}", SCRIPT,
            ready="document.querySelector('.o_ctsp_check_results') !== null", login=self.officer.login, timeout=180)
