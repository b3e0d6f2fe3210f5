"""A program of the authority that keeps trials: the blocks of docs/rpc.md as they stand, and what it may not do."""
import http.client
import json
import re
import time
import xmlrpc.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

GUIDE = Path(__file__).parents[2] / "docs" / "rpc.md"
LOGIN = "rpc-trials"
ACCOUNT = """
import json
user = env["res.users"].create({"name": "示例试验接口账号（示例）", "login": "rpc-trials", "lang": "zh_CN",
                                "group_ids": [(6, 0, [env.ref("ctsp_trial.group_interface_trial").id])]})
keys = env["res.users.apikeys"].with_user(user).sudo()
def key(calls):
    made = keys._generate("rpc", "test", "2099-01-01 00:00:00")
    keys._restrict(made, "127.0.0.1", calls)
    return made
found = {"all": key(None), "guide": key(
    "ctsp.dictionary.item:read, ctsp.trial:read, ctsp.trial:create, ctsp.trial:write")}
other = env["ctsp.trial"].create({"name": "他人登记的试验（示例）", "ctr_no": "CTR20990899"})
found["other"] = other.id
env.cr.commit()
print("KEYS" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def account(platform):
    return json.loads(platform.shell(ACCOUNT).split("KEYS")[1].splitlines()[0])


def blocks(heading):
    """Return the programs under a heading of the guide, one after another."""
    part = GUIDE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```python\n(.*?)```", part, re.S))


@pytest.fixture(scope="module", params=["XML-RPC", "JSON-2"])
def program(request, platform, account):
    """What the program of the guide made, run as it stands; its protocol is ``heading``."""
    names = {"URL": platform.url, "DATABASE": platform.database, "LOGIN": LOGIN, "KEY": account["guide"]}
    exec(compile(blocks(request.param), str(GUIDE), "exec"), names)
    return names | {"heading": request.param}


def ctr(program):
    return "CTR20990801" if program["heading"] == "XML-RPC" else "CTR20990802"


def error(program, values):
    with pytest.raises((xmlrpc.client.Fault, RuntimeError)) as caught:
        program["keep_trial"](values)
    return getattr(caught.value, "faultString", str(caught.value))


def test_guide(program, facts):
    """What it says is written: once, however often it is repeated, and the newest counts."""
    asked = "SELECT id, planned_total, create_uid = (SELECT id FROM res_users WHERE login = %s) FROM ctsp_trial " \
            "WHERE ctr_no = %s"
    [(number, _planned, own)] = facts(asked, LOGIN, ctr(program))
    assert (number, own) == (program["trial"], True)
    for planned in (130, 140):
        assert program["keep_trial"]({"ctr_no": ctr(program), "planned_total": planned}) == number
    assert facts(asked, LOGIN, ctr(program)) == [(number, 140, True)]


def test_lost_answer(platform, account, facts, program):
    """The answer to a new trial never arrives; the same again makes no second one."""
    number = ctr(program)[:-2] + ("11" if program["heading"] == "XML-RPC" else "12")
    values = {"ctr_no": number, "name": "应答丢失的试验（示例）"}
    address = urlsplit(platform.url)
    line = http.client.HTTPConnection(address.hostname, address.port)
    if program["heading"] == "XML-RPC":
        body = xmlrpc.client.dumps((platform.database, program["uid"], account["guide"], "ctsp.trial", "create",
                                    [values]), "execute_kw").encode()
        line.request("POST", "/xmlrpc/2/object", body, {"Content-Type": "text/xml"})
    else:
        line.request("POST", "/json/2/ctsp.trial/create", json.dumps({"vals_list": [values]}), {
            "Content-Type": "application/json", "Authorization": f"bearer {account['guide']}",
            "X-Odoo-Database": platform.database})
    line.close()  # nobody reads what comes back
    until = time.monotonic() + 120
    while not facts("SELECT 1 FROM ctsp_trial WHERE ctr_no = %s", number) and time.monotonic() < until:
        time.sleep(0.1)
    program["keep_trial"](values)
    assert facts("SELECT count(*) FROM ctsp_trial WHERE ctr_no = %s", number) == [(1,)]


def test_errors_name_the_field(program):
    """What is wrong is said in Chinese, by the field's label; nothing of it is kept."""
    number = ctr(program)
    for values, label in (
            ({"ctr_no": number, "first_public_date": "2026-02-31"}, "首次公示"),
            ({"ctr_no": number, "planned_total": "many"}, "计划"),
            ({"ctr_no": number, "note": "x"}, "备注"),
            ({"ctr_no": "CTR1", "name": "x"}, "登记号"),
            ({"ctr_no": "", "name": "x"}, "登记号"),
            ({"ctr_no": "CTR20990899", "name": "他人的（示例）"}, "登记号")):
        said = error(program, values)
        assert label in said, said
        assert re.search("[\u4e00-\u9fff]", said), said
        assert "Traceback" not in said


def test_nothing_else(platform, account, facts, program):
    """Neither other trials, nor other records, nor deleting; and the key is good for the calls of the guide only."""
    def asked(key, model, method, **parameters):
        return requests.post(
            f"{platform.url}/json/2/{model}/{method}", json=parameters, timeout=60,
            headers={"Authorization": f"bearer {account[key]}", "X-Odoo-Database": platform.database})

    other, own = account["other"], program["trial"]
    refused = (
        ("ctsp.trial", "write", {"ids": [other], "vals": {"name": "x"}}), ("ctsp.trial", "read", {"ids": [other]}),
        ("ctsp.trial", "unlink", {"ids": [own]}), ("ctsp.trial", "write", {"ids": [own], "vals": {"active": False}}),
        ("ctsp.trial", "write", {"ids": [own], "vals": {"create_uid": 2}}),
        ("ctsp.trial", "write", {"ids": [own], "vals": {"site_ids": [[0, 0, {"name": "x"}]]}}),
        ("ctsp.trial.site", "create", {"vals_list": [{"trial_id": own, "name": "x"}]}),
        ("ctsp.trial.site", "search_count", {"domain": []}), ("ctsp.institution", "search_count", {"domain": []}),
        ("ctsp.filing", "search_count", {"domain": []}), ("ctsp.inspection", "search_count", {"domain": []}),
        ("ctsp.organization", "create", {"vals_list": [{"name": "x"}]}),
        ("ctsp.dictionary.item", "write", {"ids": [1], "vals": {"name": "x"}}),
        ("res.users", "write", {"ids": [2], "vals": {"name": "x"}}))
    for model, method, parameters in refused:
        assert 400 <= asked("all", model, method, **parameters).status_code < 500, (model, method)
    assert asked("all", "ctsp.trial", "search_count", domain=[["id", "=", other]]).json() == 0
    for model, method in (("ctsp.trial", "unlink"), ("ctsp.trial", "copy"), ("ctsp.discipline", "search_read")):
        assert asked("guide", model, method, ids=[own]).status_code in (401, 403), (model, method)
    assert facts("SELECT name FROM ctsp_trial WHERE id = %s", other) == [("他人登记的试验（示例）",)]
