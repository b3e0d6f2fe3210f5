"""What a person does on Odoo's screens, in words: fill this field, choose that row, press the button."""
import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

POLL = 100
AGAIN = 5_000  # milliseconds after which somebody clicks again
STATE = ".o_statusbar_status .o_arrow_button_current"
SPEAKING = {
    "dialog": ".modal .modal-content", "notification": ".o_notification", "hint": ".alert", "state": STATE,
    "refused field": ".o_field_invalid"}
PDF = {"name": "证明材料.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% sample\n%%EOF\n"}


def said(page: Page) -> str:
    """What the screen says, in words: its address, dialogs, notifications, the state of the record."""
    lines = [f"address: {page.url}"]
    for kind, selector in SPEAKING.items():
        texts = page.locator(selector).locator("visible=true").all_inner_texts()
        lines += [f"{kind}: {' | '.join(text.split(chr(10)))}"[:1500] for text in texts]
    return "\n".join(lines)


class Screen:
    """One person's browser tab. ``scope`` is where fields are looked for: the page, or the dialog on top of it."""

    def __init__(self, page: Page, shots: Path | None = None):
        self.page = page
        self.shots = shots
        self.scope: Locator = page.locator("body")

    def shot(self, name: str) -> None:
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.shots / f"{name}.png")

    def whole(self, name: str) -> None:
        """A picture of a long page, from its top to its end."""
        size = self.page.viewport_size
        inner = "[...document.querySelectorAll('.o_content, .o_form_sheet_bg, .o_action_manager')]"
        height = self.page.evaluate(f"Math.max(...{inner}.map((node) => node.scrollHeight), 900) + 120")
        self.page.set_viewport_size({**size, "height": min(int(height), 6000)})
        self.page.wait_for_timeout(400)
        self.shot(name)
        self.page.set_viewport_size(size)

    def sign_in(self, login: str, password: str) -> "Screen":
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_url(lambda url: "/web/login" not in url)
        return self

    def open(self, action: str, view: str = ".o_view_controller") -> "Screen":
        """Open an action by its XML id."""
        self.page.goto(f"/odoo/action-{action}")
        expect(self.page.locator(view).first).to_be_visible()
        return self

    def enter(self, row: Locator) -> None:
        """Open the record of a row, or the card of one.

        A list that was seen before is shown as it was, and then as it is: a click in between is lost, for the row is
        another one when the button comes up again; a person clicks once more.
        """
        form = self.page.locator(".o_form_view").first
        expect(row.first).to_be_visible()
        for _turn in range(8):
            with suppress(TooLate):
                row.first.click(timeout=AGAIN)
            with suppress(AssertionError):
                expect(form).to_be_visible(timeout=AGAIN)
                return
        raise AssertionError(f"the record is not opened\n{said(self.page)}")

    def again(self, address: str) -> None:
        """Load the page anew once its address matches: the web client writes it after it has shown what it names."""
        self.page.wait_for_url(re.compile(address))
        self.page.reload()

    def narrow(self, value: str) -> None:
        """Tick a value of the search panel, until the list has only rows with it.

        Odoo takes no notice of a tick that comes while it reads the panel anew: the box is ticked, the list stays as it
        was; a person takes the tick away and sets it again.
        """
        box = self.page.locator(".o_search_panel_filter_value", has_text=value).locator("input")
        others = self.page.locator("tr.o_data_row").filter(has_not_text=value)
        for _turn in range(8):
            with suppress(AssertionError, Error):  # an error: the box was drawn anew, without the tick
                box.check()
                expect(others).to_have_count(0, timeout=AGAIN)
                return
            with suppress(Error):
                box.uncheck()
        raise AssertionError(f"the list is not narrowed to {value}\n{said(self.page)}")

    # ---- fields ----------------------------------------------------------------------------------------------------
    def field(self, name: str) -> Locator:
        return self.scope.locator(f".o_field_widget[name='{name}']").locator("visible=true").last

    def fill(self, **values: str) -> None:
        """Type into text and number fields."""
        for name, value in values.items():
            self.field(name).locator("input, textarea").locator("visible=true").first.fill(value)

    def date(self, **values: str) -> None:
        """Type into date fields, which are a button until one enters them."""
        for name, value in values.items():
            self.field(name).locator("input, button").first.click()
            entry = self.field(name).locator("input").first
            entry.fill(value)
            entry.press("Tab")

    def leave(self, elsewhere: Locator) -> None:
        """Click elsewhere until no calendar is open: the one of the next field opens when the answer to the date before
        has come, be it after a click.
        """
        calendar = self.page.locator(".o_datetime_picker")
        for _turn in range(8):
            elsewhere.click()
            with suppress(AssertionError):
                expect(calendar).to_have_count(0, timeout=AGAIN)
                return
        raise AssertionError(f"the calendar stays\n{said(self.page)}")

    def choose(self, **values: str) -> None:
        """Pick a record in many2one and tag fields by typing its beginning."""
        for name, value in values.items():
            entry = self.field(name).locator("input").first
            entry.click()
            entry.fill(value)
            menu = self.page.locator(".o-autocomplete--dropdown-menu")
            found = menu.locator(".o-autocomplete--dropdown-item", has=self.page.locator(".text-primary"))
            found.filter(has_text=value).first.click()  # marked as found: not the list that was there before typing
            expect(menu).to_have_count(0)

    def select(self, **values: str) -> None:
        """Pick from a selection field."""
        for name, value in values.items():
            self.field(name).locator("input").first.click()
            self.page.locator(".o_select_menu_menu .o_select_menu_item").filter(has_text=value).first.click()

    def upload(self, name: str, file: dict = PDF) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.field(name).locator(".o_select_file_button").first.click()
        chooser.value.set_files(file)

    def text(self, name: str) -> str:
        return self.field(name).inner_text().strip()

    # ---- rows ------------------------------------------------------------------------------------------------------
    def tab(self, label: str) -> None:
        self.scope.locator(".o_notebook .nav-link", has_text=label).first.click()

    def rows(self, name: str, text: str = "") -> Locator:
        return self.field(name).locator("tr.o_data_row").filter(has_text=text)

    def add_row(self, name: str) -> None:
        """Press 添加行, for rows that are filled in in a dialog."""
        self.field(name).locator(".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button").first.click()

    def add_line(self, name: str) -> "Screen":
        """Press 添加行 of a list that is filled in in place; return the new line as a screen of its own."""
        rows = self.rows(name)
        count = rows.count()
        self.add_row(name)
        expect(rows).to_have_count(count + 1)
        return self.line(rows.last)

    def line(self, row: Locator) -> "Screen":
        """A row of a list in place, being edited."""
        expect(row).to_have_class(re.compile("o_selected_row"))
        inner = Screen(self.page, self.shots)
        inner.scope = row
        return inner

    # ---- buttons and dialogs ---------------------------------------------------------------------------------------
    def press(self, label: str) -> None:
        self.scope.get_by_role("button", name=label, exact=True).locator("visible=true").first.click()

    def step(self, label: str) -> None:
        """Press the button of a workflow step in the form's header."""
        self.page.locator(f".o_statusbar_buttons button[name=action_transition]:has-text('{label}')").first.click()

    def confirm(self) -> None:
        """Press the main button of the dialog on top, and wait until it did what it is for."""
        self.dialog().scope.locator(".btn-primary").first.click()
        self.until(lambda: self.page.locator(".modal").count() == 0, "the dialog is closed")

    def becomes(self, state: str) -> None:
        """Wait until the record is in ``state``."""
        self.until(lambda: [text.strip() for text in self.state().all_inner_texts()] == [state], f"it is {state}")

    def until(self, reached, what: str) -> None:
        """Wait until ``reached()``; a message of an error, or too long a wait, fails with all that the screen says."""
        for _turn in range(40_000 // POLL):
            assert not self.page.locator(".o_error_dialog").count(), f"waited until {what}\n{said(self.page)}"
            if reached():
                return
            self.page.wait_for_timeout(POLL)
        raise AssertionError(f"waited until {what}\n{said(self.page)}")

    def save(self) -> None:
        self.page.locator(".o_form_button_save").locator("visible=true").first.click()
        expect(self.page.locator(".o_form_button_save").locator("visible=true")).to_have_count(0)

    def dialog(self) -> "Screen":
        """The dialog that lies on top, as a screen of its own."""
        inner = Screen(self.page, self.shots)
        inner.scope = self.page.locator(".modal.o_technical_modal, .modal").last
        expect(inner.scope).to_be_visible()
        return inner

    def part(self, selector: str) -> "Screen":
        """The first part of this screen that matches, as a screen of its own."""
        inner = Screen(self.page, self.shots)
        inner.scope = self.scope.locator(selector).first
        return inner

    def keep(self) -> None:
        """Save and close this dialog."""
        self.scope.locator("footer .o_form_button_save").first.click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def state(self) -> Locator:
        return self.page.locator(STATE).locator("visible=true").first
