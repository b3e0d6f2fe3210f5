"""Five data sets of an institution: pushed with mistakes, reported, corrected, and then in the registry, or filed."""
import base64
import json
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from test_round_trip import LIMIT, seen_within

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))
import open_api_client

NAME, USCC, YEAR = "示例报送医院（示例）", "12990000MB00001018", 2021
PROOF = base64.b64encode(b"%PDF-1.4\n%%EOF").decode()
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
users = env["res.users"].with_context(no_reset_password=True)
def key_of(login, role, **values):
    user = users.create({{"name": login, "login": login, "lang": "zh_CN", "tz": "Asia/Shanghai", **values,
                         "group_ids": [Command.set([env.ref("ctsp_base.group_" + role).id])]}})
    keys = env["res.users.apikeys"].with_user(user).sudo()
    made = keys._generate("rpc", "test", "2099-01-01 00:00:00")
    keys._restrict(made, "127.0.0.1", None)
    return made, user
officer, _user = key_of("data-officer", "filing_officer")
filer, user = key_of("data-filer", "institution_user")
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
def world(platform):
    printed = platform.shell(WORLD.format(name=NAME, uscc=USCC, year=YEAR))
    return json.loads(printed.split("WORLD")[1].splitlines()[0])


@pytest.fixture(scope="module")
def read(platform, world):
    """read(who, model, domain, *fields): what the officer or the institution's own filer sees, by JSON-2."""
    def asked(who, model, domain, *fields, method="search_read", **parameters):
        parameters = parameters or {"domain": domain, "fields": fields}
        answer = requests.post(
            f"{platform.url}/json/2/{model}/{method}", json=parameters, timeout=60,
            headers={"Authorization": f"bearer {world[who]}", "X-Odoo-Database": platform.database})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


@pytest.fixture
def push(platform, world, monkeypatch, tmp_path):
    """push(data set, rows): the institution's program; the receipt, and the report as [(row, field)]."""
    for name, value in (("URL", platform.url), ("KEY", world["key"]), ("SECRET", world["secret"])):
        monkeypatch.setenv(f"CTSP_{name}", value)

    def pushed(dataset, *rows):
        path = tmp_path / "rows.json"
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        answer = open_api_client.submit(dataset, path)
        assert answer["code"] == 0, answer
        assert answer["data"]["applied"] == ("done" if answer["data"]["acceptedRows"] else "none"), answer
        found = open_api_client.findings(answer["data"]["number"])
        assert all(item["message"] and item["hint"] for item in found if item["level"] == "error"), found
        return answer["data"], [(item["row"], item["path"]) for item in found if item["level"] == "error"]

    return pushed


def sample(dataset, **changes):
    """A good row, as the platform itself proposes it to developers."""
    [row] = open_api_client.samples(dataset, "1")["data"]["rows"]
    return {**row, **changes}


def mine(*more):
    return [["institution_id.name", "=", NAME], *more]


DRAFT = mine(["state", "=", "draft"], ["kind", "=", "change"])


def test_trials(push, read):
    """近三年项目: good rows at once, bad ones after their correction; the officer reads all of them."""
    common = {"specialty": "示例内科（示例）", "pi_name": "周示例（示例）"}
    good = sample("recent_trials", ctr_no="CTR20991001", title="示例试验一（示例）", **common)
    rows = [good, {**good, "ctr_no": "CTR20991002", "phase": "9"}, {**good, "ctr_no": "CTR20991003", "actual": "十二"}]
    receipt, report = push("recent_trials", *rows)
    assert (receipt["state"], receipt["acceptedRows"], report) == ("partial", 1, [(2, "phase"), (3, "actual")])
    seen_within(LIMIT, lambda: read("officer", "ctsp.trial.site", mine(["ctr_no", "=", "CTR20991001"]), "id"))
    receipt, report = push("recent_trials", good, {**rows[1], "phase": "ii"}, {**rows[2], "actual": 7})
    assert (receipt["state"], report) == ("accepted", []), receipt
    sites = seen_within(LIMIT, lambda: read(
        "officer", "ctsp.trial.site", mine(["ctr_no", "=", "CTR20991003"]), "actual", "pi_name", "specialty_id"))
    assert [(site["actual"], site["pi_name"], site["specialty_id"][1]) for site in sites] == [
        (7, "周示例（示例）", "示例内科（示例）")]
    trials = read("officer", "ctsp.trial", [["ctr_no", "like", "CTR2099100"]], "ctr_no", "name")
    assert sorted(trial["ctr_no"] for trial in trials) == ["CTR20991001", "CTR20991002", "CTR20991003"]


def test_annual_report(push, read):
    """机构年度报告: refused as a whole, corrected, and then in the report of that year."""
    row = sample("annual_report", year=YEAR, overview="示例概况（示例）", trials_new=4, subjects_enrolled=33)
    receipt, report = push("annual_report", {**row, "sae": -1, "ethics": ""})
    assert (receipt["state"], sorted(report)) == ("refused", [(1, "ethics"), (1, "sae")]), receipt
    assert push("annual_report", row)[0]["state"] == "accepted"
    figures = seen_within(LIMIT, lambda: read(
        "officer", "ctsp.annual.figure", [["report_id.institution_id.name", "=", NAME], ["has_value", "=", True],
                                          ["indicator_id.code", "in", ("trials_new", "subjects_enrolled")]], "value"))
    assert sorted(figure["value"] for figure in figures) == [4, 33]
    answers = read("officer", "ctsp.annual.answer", [["report_id.institution_id.name", "=", NAME],
                                                     ["text", "like", "示例概况"]], "text")
    assert len(answers) == 1


def test_filed(push, read):
    """机构基本信息, 专业组, 伦理委员会: one filing of all three reaches the officer."""
    push_basics(push, read)
    push_specialty(push, read)
    push_committee(push, read)
    [filing] = read("filer", "ctsp.filing", DRAFT, "id")
    assert not read("officer", "ctsp.filing", mine(), "id"), "a draft is the institution's own"
    hand_in(read, filing["id"])
    [pending] = seen_within(LIMIT, lambda: read(
        "officer", "ctsp.filing", mine(["state", "=", "submitted"]), "bed_count", "specialty_ids", "committee_ids"))
    assert pending["bed_count"] == 654
    assert (len(pending["specialty_ids"]), len(pending["committee_ids"])) == (1, 1)
    [institution] = read("officer", "ctsp.institution", [["name", "=", NAME]], "bed_count")
    assert institution["bed_count"] == 0, "the registry follows the officer's approval"


def push_basics(push, read):
    basic = sample("institution_basic", name=NAME, uscc=USCC, bed_count=654)
    receipt, report = push("institution_basic", {**basic, "uscc": USCC[:-1] + "0", "bed_count": "多"})
    assert (receipt["state"], sorted(report)) == ("refused", [(1, "bed_count"), (1, "uscc")])
    assert push("institution_basic", basic)[0]["state"] == "accepted"
    seen_within(LIMIT, lambda: read("filer", "ctsp.filing", [*DRAFT, ["bed_count", "=", 654]], "id"))


def push_specialty(push, read):
    group = sample("specialty_group", name="示例内科（示例）", pi_name="周示例（示例）", bed_count=66)
    receipt, report = push("specialty_group", {**group, "pi_title": "院长"})
    assert (receipt["state"], report) == ("refused", [(1, "pi_title")]), receipt
    assert push("specialty_group", group)[0]["state"] == "accepted"
    seen_within(LIMIT, lambda: read(
        "filer", "ctsp.filing.specialty", [["filing_id.state", "=", "draft"], ["bed_count", "=", 66]], "name"))


def push_committee(push, read):
    committee = sample("ethics_committee", name="示例报送医院伦理委员会（示例）")
    [chair] = committee["members"]
    committee["members"] = [chair, *({**chair, "name": f"委员{number}（示例）", "role": "member", "gender": gender}
                                     for number, gender in enumerate(["male", "female"] * 3))]
    receipt, report = push("ethics_committee", {**committee, "term_to": committee["term_from"]})
    assert (receipt["state"], report) == ("refused", [(1, "term_to")]), receipt
    assert push("ethics_committee", committee)[0]["state"] == "accepted"
    seen_within(LIMIT, lambda: len(read(
        "filer", "ctsp.filing.member", [["filing_id.state", "=", "draft"]], "name")) == 7)


def hand_in(read, filing):
    """What the institution's filer does on the platform: attach the proof, say when, submit."""
    call = partial(read, "filer", domain=None)
    [kind] = read("filer", "ctsp.filing.attachment.kind", [["name", "=", "变更证明材料"]], "id")
    call("ctsp.filing.attachment", method="create", vals_list=[{
        "filing_id": filing, "kind_id": kind["id"], "file_name": "proof.pdf", "data": PROOF}])
    call("ctsp.filing", method="write", ids=[filing], vals={
        "change_date": str(date.today() - timedelta(days=1)), "contact_name": "郑示例（示例）",
        "contact_phone": "021-55550101"})
    call("ctsp.filing", method="run_transition", ids=[filing], code="submit")
