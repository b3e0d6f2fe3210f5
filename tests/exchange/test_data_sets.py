"""Five data sets of an institution: pushed with mistakes, reported, corrected, and then in the registry, or filed.

A signed client pushes; the institution's person reads the report row by row on his desk; the officer reads what became
of it in the registry, or is told of the filing where the law wants an approval. What is measured: ``timing``.
"""
import json
import secrets
from datetime import date, timedelta

import open_api_client
import pytest
import requests
from data_rows import NAME, USCC, basics, committee, sample, specialty
from playwright.sync_api import expect
from timing import LIMIT, seen_within

YEAR = 2021
FILER, OFFICER = "data_filer", "exchange_officer"
WORLD = """
import json
from odoo.fields import Command
def item(dictionary, code):
    return env["ctsp.dictionary.item"]._item(dictionary, code).id
institution = env["ctsp.institution"].create({{
    "name": "{name}", "uscc": "{uscc}", "record_no": "药临床机构备字2099000101", "state": "filed",
    "address": "上海市徐汇区示例路1号（示例）", "first_filed_date": "2020-03-01",
    "site_ids": [Command.create({{"name": "本部", "address": "上海市徐汇区示例路1号（示例）", "is_main": True}})]}})
proof = env["ctsp.dictionary.item"].search([("dictionary_code", "=", "trial_proof")], limit=1)
person = env["ctsp.person"].create({{
    "name": "周示例（示例）", "institution_id": institution.id,
    "title_id": item("professional_title", "chief_physician"),
    "experience_ids": [Command.create({{"trial_name": f"示例试验{{number}}（示例）", "proof_kind_ids": proof.ids}})
                       for number in range(3)]}})
env["ctsp.specialty"].create({{"name": "示例内科（示例）", "institution_id": institution.id, "pi_id": person.id,
    "discipline_id": env.ref("ctsp_base.discipline_03_04").id, "filed_date": "2024-03-01"}})
campaign = env["ctsp.annual.campaign"].create({{"year": {year}, "institution_ids": [(6, 0, institution.ids)]}})
campaign.run_transition("open")
def key_of(user):
    keys = env["res.users.apikeys"].with_user(user).sudo()
    made = keys._generate("rpc", "test", "2099-01-01 00:00:00")
    keys._restrict(made, "127.0.0.1", None)
    return made
officer = key_of(env["res.users"].search([("login", "=", "{officer}")]))
user = env["res.users"].with_context(no_reset_password=True).create({{
    "name": "郑示例（示例）", "login": "{filer}", "lang": "zh_CN", "tz": "Asia/Shanghai", "password": "{password}",
    "group_ids": [Command.set([env.ref("ctsp_base.group_institution_user").id])]}})
filer = key_of(user)
user.partner_id.parent_id = institution.partner_id
datasets = env["ctsp.dataset"].search([])
for dataset in datasets:
    env["ctsp.dataset.conformance"]._of(institution.partner_id, dataset)._set_state("signed", "test")
key, secret = env["ctsp.exchange.credential"]._issue(
    {{"partner_id": institution.partner_id.id, "dataset_ids": [(6, 0, datasets.ids)]}})
env.cr.commit()
print("WORLD" + json.dumps({{"officer": officer, "filer": filer, "key": key.key, "secret": secret}}))
"""


@pytest.fixture(scope="module")
def submitter(platform, world):
    """The institution: keys of its program and of its person, and of the officer who reads along; a password."""
    password = secrets.token_urlsafe(12)
    printed = platform.shell(WORLD.format(
        name=NAME, uscc=USCC, year=YEAR, filer=FILER, officer=OFFICER, password=password))
    return json.loads(printed.split("WORLD")[1].splitlines()[0]) | {"password": password}


@pytest.fixture
def desk(submitter, visit):
    """The institution's person, before the list of what its systems reported."""
    screen = visit().sign_in(FILER, submitter["password"])
    open_reports(screen)
    return screen


def open_reports(screen):
    screen.page.locator(".o_desk_nav_item", has_text="数据报送记录").click()
    expect(screen.page.locator(".o_list_view")).to_be_visible()


@pytest.fixture(scope="module")
def read(platform, submitter):
    """read(who, model, domain, *fields): what the officer or the institution's own filer sees, by JSON-2."""
    def asked(who, model, domain, *fields, method="search_read", **parameters):
        parameters = parameters or {"domain": domain, "fields": fields}
        answer = requests.post(
            f"{platform.url}/json/2/{model}/{method}", json=parameters, timeout=60,
            headers={"Authorization": f"bearer {submitter[who]}", "X-Odoo-Database": platform.database})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


@pytest.fixture
def push(platform, submitter, monkeypatch, tmp_path, watch):
    """push(data set, rows): the institution's program; the receipt, and the report as [(row, field)]."""
    for name, value in (("URL", platform.url), ("KEY", submitter["key"]), ("SECRET", submitter["secret"])):
        monkeypatch.setenv(f"CTSP_{name}", value)

    def pushed(dataset, *rows):
        path = tmp_path / "rows.json"
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        watch.start()
        answer = open_api_client.submit(dataset, path)
        assert answer["code"] == 0, answer
        assert answer["data"]["applied"] == ("done" if answer["data"]["acceptedRows"] else "none"), answer
        found = open_api_client.findings(answer["data"]["number"])
        assert all(item["message"] and item["hint"] for item in found if item["level"] == "error"), found
        return answer["data"], [(item["row"], item["path"]) for item in found if item["level"] == "error"]

    return pushed


def mine(*more):
    return [["institution_id.name", "=", NAME], *more]


DRAFT = mine(["state", "=", "draft"], ["kind", "=", "change"])


def read_report(desk, watch, receipt, report):
    """The institution's person sees the submission come, and what is wrong in which row of it; then its list again."""
    row = desk.page.locator("tr.o_data_row", has_text=receipt["number"])
    desk.page.reload()
    expect(row).to_be_visible()
    watch.seen("数据报送 → 机构工作台列出报送记录")
    desk.enter(row.locator("td[name=number]"))
    refused = desk.rows("finding_ids").filter(has_text="退回")
    expect(refused).to_have_count(len(report))
    for number, path in report:
        expect(refused.filter(has_text=path)).to_contain_text(str(number))
    desk.shot(f"exchange-21-{receipt['dataset']}")
    open_reports(desk)


def open_registered(officer, receipt, watch, shown):
    """The officer opens what a submission became: from the receipt to the record of the registry."""
    officer.open("ctsp_dataset.ctsp_dataset_submission_action", ".o_list_view")
    officer.enter(officer.page.locator("tr.o_data_row", has_text=receipt["number"]).locator("td[name=number]"))
    officer.tab("关联记录")
    officer.rows("link_ids").last.get_by_role("button", name="打开").click()
    shown()
    watch.seen("数据报送 → 监管人员在登记库看到数据")
    officer.shot(f"exchange-22-{receipt['dataset']}")


def test_trials(push, read, desk, signed_in, watch):
    """近三年项目: good rows at once, bad ones after their correction; the officer reads all of them."""
    common = {"specialty": "示例内科（示例）", "pi_name": "周示例（示例）"}
    good = sample("recent_trials", ctr_no="CTR20991001", title="示例试验一（示例）", **common)
    rows = [good, {**good, "ctr_no": "CTR20991002", "phase": "9"}, {**good, "ctr_no": "CTR20991003", "actual": "十二"}]
    receipt, report = push("recent_trials", *rows)
    assert (receipt["state"], receipt["acceptedRows"], report) == ("partial", 1, [(2, "phase"), (3, "actual")])
    read_report(desk, watch, receipt, report)
    seen_within(LIMIT, lambda: read("officer", "ctsp.trial.site", mine(["ctr_no", "=", "CTR20991001"]), "id"))
    officer = signed_in("officer")
    receipt, report = push("recent_trials", good, {**rows[1], "phase": "ii"}, {**rows[2], "actual": 7})
    assert (receipt["state"], report) == ("accepted", []), receipt

    def shown():
        expect(officer.field("actual").locator("input")).to_have_value("7")
        expect(officer.field("specialty_id").locator("input")).to_have_value("示例内科（示例）")

    open_registered(officer, receipt, watch, shown)
    trials = read("officer", "ctsp.trial", [["ctr_no", "like", "CTR2099100"]], "ctr_no", "name")
    assert sorted(trial["ctr_no"] for trial in trials) == ["CTR20991001", "CTR20991002", "CTR20991003"]


def test_annual_report(push, desk, signed_in, watch):
    """机构年度报告: refused as a whole, corrected, and then in the report of that year."""
    row = sample("annual_report", year=YEAR, overview="示例概况（示例）", trials_new=4, subjects_enrolled=33)
    receipt, report = push("annual_report", {**row, "sae": -1, "ethics": ""})
    assert (receipt["state"], sorted(report)) == ("refused", [(1, "ethics"), (1, "sae")]), receipt
    read_report(desk, watch, receipt, report)
    officer = signed_in("officer")
    receipt, _report = push("annual_report", row)
    assert receipt["state"] == "accepted"

    def shown():
        expect(officer.rows("answer_ids", "示例概况（示例）")).to_have_count(1)
        officer.tab("数据指标")
        for value in ("4", "33"):
            expect(officer.rows("figure_ids").locator("td[name=value]").get_by_text(value, exact=True)).to_have_count(1)

    open_registered(officer, receipt, watch, shown)


def test_filed(push, read, desk, signed_in, watch):
    """机构基本信息, 专业组, 伦理委员会: one filing of all three is handed in on the desk and reaches the officer."""
    officer = signed_in("officer")
    for wrong, right in (basics(), specialty(), committee()):
        dataset, row, problems = wrong
        receipt, report = push(dataset, row)
        assert (receipt["state"], sorted(report)) == ("refused", problems), receipt
        read_report(desk, watch, receipt, report)
        assert push(dataset, right)[0]["state"] == "accepted"
    [filing] = seen_within(LIMIT, lambda: read(
        "filer", "ctsp.filing", [*DRAFT, ["bed_count", "=", 654]], "specialty_ids", "committee_ids"))
    assert (len(filing["specialty_ids"]), len(filing["committee_ids"])) == (1, 1)
    assert not read("officer", "ctsp.filing", mine(), "id"), "a draft is the institution's own"
    hand_in(desk, watch)
    news = officer.page.locator(".o_ctsp_todo_news")
    expect(news).to_contain_text(NAME)
    watch.seen("机构提交备案 → 备案审核员屏幕弹出新待办")
    news.hover()  # it stays as long as somebody points at it, and goes after ten seconds else
    desk.becomes("已提交")
    news.get_by_role("button", name="打开").click()
    officer.becomes("已提交")
    for text in ("654", "示例内科（示例）", "示例报送医院伦理委员会（示例）"):
        expect(officer.field("diff_html")).to_contain_text(text)
    officer.shot("exchange-24-filing-of-data")
    [institution] = read("officer", "ctsp.institution", [["name", "=", NAME]], "bed_count")
    assert institution["bed_count"] == 0, "the registry follows the officer's approval"


def hand_in(desk, watch):
    """What the institution's person does with the draft: look at it, attach the proof, say when, hand in."""
    desk.page.locator(".o_desk_nav_item", has_text="备案").first.click()
    desk.enter(desk.page.locator("tr.o_data_row", has_text="草稿").locator("td").first)
    desk.becomes("草稿")
    desk.date(change_date=str(date.today() - timedelta(days=1)))
    desk.fill(contact_name="郑示例（示例）", contact_phone="021-55550101")
    desk.tab("附件")
    line = desk.add_line("attachment_ids")
    line.choose(kind_id="变更证明材料")
    line.upload("data")
    desk.save()
    desk.shot("exchange-23-draft")
    watch.start()
    desk.step("提交")
