"""The documentation of the open interfaces as the developer of a hospital's system meets it: Chinese, and it works."""
import re

import client
import pytest
import world
from playwright.sync_api import expect
from screen import Screen

LOGIN = "docs_institution"
PAGE = "/ctsp/open/v1/docs"
ISSUE = """
partner = env["res.users"].search([("login", "=", "docs_institution")]).partner_id.commercial_partner_id
datasets = env["ctsp.dataset"].search([("code", "in", ("recent_trials", "annual_report"))])
env["ctsp.exchange.credential"]._issue({
    "partner_id": partner.id, "dataset_ids": [(6, 0, datasets.ids)], "is_sandbox": True})
env.cr.commit()
"""
# every text that is drawn, through all shadow roots; what is sent, received and shown as an example is not the page's
TEXTS = """() => {
    const texts = [], leave = "pre, code, textarea, json-tree, option[value*='/'], script, style";
    const look = (top) => {
        const nodes = document.createTreeWalker(top, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
            if (node.shadowRoot) {
                look(node.shadowRoot);
            } else if (node.placeholder) {
                texts.push(node.placeholder);
            } else if (node.nodeType === Node.TEXT_NODE && !node.parentElement?.closest(leave) && node.data.trim()
                       && node.parentElement?.checkVisibility()) {
                texts.push(node.data.replace(/\\s+/g, " ").trim());
            }
        }
    };
    look(document.body);
    return texts;
}"""
WORDS = """
    REQUEST RESPONSE HEADERS HEADER PARAMETERS BODY SCHEMA EXAMPLE EXAMPLES TRY FILL CLEAR COPY DOWNLOAD ONE ANY OPTION
    ARRAY API OPERATIONS SEARCH Requires Field Type Description Constraints Default Allowed Value Pattern Min Max chars
    Required Copy Filter Search Overview Operations Expand Collapse Took milliseconds Status Authentication Server
    Example Examples multiple Single Multiline deprecated Token following Aborted"""
ENGLISH = re.compile(rf"\b({'|'.join(WORDS.split())}|or null|array of|line description)\b")
TECHNICAL = re.compile(r"OpenAPI|x-[a-z]+|Retry-After|[A-Za-z]+-[A-Za-z]+|/ctsp/\S+|components/\S+")


@pytest.fixture(scope="module")
def people(platform):
    made = world.make(platform, {LOGIN: ("institution_user",)}, outside=(LOGIN,))
    platform.shell(ISSUE)
    return made


@pytest.fixture(params=[(1440, 900, "desk"), (390, 844, "phone")], ids=["desk", "phone"])
def screen(request, people, visit):
    width, height, label = request.param
    screen = visit(viewport={"width": width, "height": height})
    client.watch(screen.page)
    screen.label = label
    return screen


def enter(screen, people):
    screen.sign_in(LOGIN, people.passwords[LOGIN])
    expect(screen.page.locator(".o_desk_home")).to_be_visible()


def operations(page):
    """Return the names in the list of operations."""
    expect(page.locator("#operations option").nth(5)).to_be_attached()
    return page.locator("#operations option").all_inner_texts()


def choose(screen, name):
    """Open an operation: in the list at the side, on a telephone in the one above."""
    page = screen.page
    if screen.label == "phone":
        page.locator("#operations").select_option(label=name)
    else:
        page.locator("rapi-doc .nav-bar-path, rapi-doc .nav-bar-info").filter(
            has_text=re.compile(rf"{name}\s*$")).first.click()
    expect(page.locator("rapi-doc .main-content h2", has_text=name)).to_be_visible()
    client.settle(page)


def send(page, status, *expected):
    """Press the button of the operation; return what the answer says once it says what is expected."""
    page.get_by_role("button", name="发送到沙箱").click()
    expect(page.locator("api-request .response-message")).to_contain_text(status)
    answer = page.locator("api-request pre", has_text='"requestId"').locator("visible=true")
    for text in expected:
        expect(answer).to_contain_text(text)
    return answer.inner_text()


def shown(page):
    """Show the schemas, too, in the place of the examples."""
    for tab in page.locator("[data-tab=schema]").locator("visible=true").all():
        tab.click()
    return page.evaluate(TEXTS)


def test_in_chinese(screen):
    """Whoever reads sees every operation, without a word of English that the viewer says."""
    page = screen.page
    page.goto(PAGE)
    expect(page.locator("#sandbox")).to_contain_text("用机构账号登录")
    names = operations(page)
    document = page.request.get("/ctsp/open/v1/openapi.json").json()
    assert set(names[1:]) == {one["summary"] for path in document["paths"].values() for one in path.values()}
    screen.shot(f"api-{screen.label}-overview")
    left = {}
    for name in names[1:]:
        choose(screen, name)
        left |= {text: name for text in page.evaluate(TEXTS) + shown(page) if ENGLISH.search(TECHNICAL.sub("", text))}
    assert not left, left
    expect(page.get_by_role("button", name="发送到沙箱")).to_have_count(0)


def test_try(screen, people):
    """A question, a sample and its receipt, sent with the institution's test key; what is refused is said."""
    page = screen.page
    enter(screen, people)
    if screen.label == "desk":
        client.open_path(page, "conformance")
        with page.expect_popup() as opened:
            page.get_by_role("button", name="在浏览器中试一试").click()
        assert opened.value.url.endswith(PAGE)
        opened.value.close()
    page.goto(PAGE)
    expect(page.locator("#sandbox.ready")).to_contain_text("由平台代为签名")
    choose(screen, "可报送的数据集")
    send(page, "HTTP 200", '"recent_trials"')
    screen.shot(f"api-{screen.label}-datasets")
    choose(screen, "报送近三年项目")
    expect(page.locator("api-request [data-pname=requestId]")).to_have_value(re.compile("^try-"))
    expect(page.locator("api-request textarea").first).to_have_value(re.compile("ctr_no"))
    told = send(page, "HTTP 200", '"state": "accepted"', '"duplicate": false')
    [number] = re.findall(r'"number": "(HZ\d{4}-\d{8})"', told)
    screen.shot(f"api-{screen.label}-sent")
    page.get_by_role("button", name="签名与 curl").click()
    expect(page.locator("api-request .tab-content pre, api-request pre", has_text="待签文本")).to_be_visible()
    screen.shot(f"api-{screen.label}-signed")
    choose(screen, "回执")
    expect(page.locator("api-request [data-pname=number]")).to_have_value(number)
    send(page, "HTTP 200", number)


def test_refused(context, people):
    """What the platform does not sign is told where the answer would be, and nothing is sent."""
    page = context.new_page()  # not watched: the browser counts a refusal as an error
    client.watch(page)
    screen = Screen(page)
    screen.label = "desk"
    enter(screen, people)
    page.goto(PAGE)
    choose(screen, "数据集的 JSON Schema")
    page.locator("api-request [data-pname=code]").fill("")
    send(page, "未发送（404）", "请填写路径中的参数")
    context.clear_cookies()
    send(page, "未发送（400）", "页面已过期")
