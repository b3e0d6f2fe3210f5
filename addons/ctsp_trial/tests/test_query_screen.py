from odoo.tests import HttpCase, tagged

from .common import TrialCase

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
    const one = (selector) => wait(selector, () => document.querySelector(selector));
    const trial = "section[data-section=trial] ";
    (await one(".o_field_radio input[data-value=trial]")).click();
    (await one(trial + ".card-header button")).click();
    const input = await one(trial + ".o_ctsp_query_value input");
    input.value = "PHRASE";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await wait("one hit", () => document.querySelector("[name=result_count]").textContent.trim() === "1");
    (await one("button[name=action_open_results]")).click();
    const listed = (row) => row.textContent.includes("PHRASE");
    await wait("the trial", () => [...document.querySelectorAll(".o_data_row")].some(listed));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestQueryScreen(TrialCase, HttpCase):
    """In a browser: a condition typed in shows at once how many there are, and the button lists them."""

    def test_condition_count_result(self):
        self.trial("Phrase of the query test", institutions=[self.a])
        self.browser_js(
            "/odoo/query/new", SCRIPT.replace("PHRASE", "Phrase of the query test"),
            ready="document.querySelector('.o_ctsp_query') !== null", login=self.officer.login, timeout=180)
