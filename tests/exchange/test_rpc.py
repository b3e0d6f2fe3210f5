"""Programs of the authority, with the client libraries they use: what an interface account may do, and what not."""
import json
import xmlrpc.client

import pytest
import requests

ACCOUNT = """
import json
user = env["res.users"].create({"name": "示例接口账号（示例）", "login": "rpc-example", "group_ids": [(6, 0, [
    env.ref("ctsp_base.group_interface").id])]})
def key(calls):
    keys = env["res.users.apikeys"].with_user(user).sudo()
    made = keys._generate("rpc", "test", "2099-01-01 00:00:00")
    keys._restrict(made, "127.0.0.1", calls)
    return made
found = {"all": key(None), "some": key("ctsp.dictionary.item:search_read")}
env.cr.commit()
print("KEYS" + json.dumps(found))
"""
ITEMS = [["dictionary_code", "=", "trial_phase"]]


@pytest.fixture(scope="module")
def keys(platform):
    return json.loads(platform.shell(ACCOUNT).split("KEYS")[1].splitlines()[0])


@pytest.fixture(scope="module")
def execute(platform, keys):
    """execute(model, method, *arguments): XML-RPC with the key in place of the password."""
    user = xmlrpc.client.ServerProxy(f"{platform.url}/xmlrpc/2/common").authenticate(
        platform.database, "rpc-example", keys["all"], {})
    models = xmlrpc.client.ServerProxy(f"{platform.url}/xmlrpc/2/object", allow_none=True)
    return lambda model, method, *arguments, **options: models.execute_kw(
        platform.database, user, keys["all"], model, method, arguments, options)


@pytest.fixture(scope="module")
def post(platform, keys):
    """post(key, model, method, **parameters): JSON-2."""
    return lambda key, model, method, **parameters: requests.post(
        f"{platform.url}/json/2/{model}/{method}", json=parameters, timeout=60,
        headers={"Authorization": f"bearer {keys.get(key, key)}", "X-Odoo-Database": platform.database})


def test_reads(execute, post):
    """Dictionaries are read alike by both."""
    rows = execute("ctsp.dictionary.item", "search_read", ITEMS, fields=["code", "name"], order="id")
    assert {row["code"] for row in rows} >= {"i", "ii", "iii"}
    assert post("all", "ctsp.dictionary.item", "search_read", domain=ITEMS, fields=["code", "name"],
                order="id").json() == rows
    assert execute("ctsp.discipline", "search_count", []) > 20


@pytest.mark.parametrize(("model", "method", "arguments"), [
    ("ctsp.institution", "search_read", [[]]), ("ctsp.trial", "search_count", [[]]),
    ("ctsp.dataset.submission", "search_count", [[]]), ("res.users", "write", [[2], {"name": "x"}]),
    ("ctsp.dictionary.item", "write", [[1], {"name": "x"}]), ("ctsp.dataset", "search_count", [[]]),
    ("ctsp.exchange.credential", "search_count", [[]]), ("ir.config_parameter", "search_count", [[]])])
def test_refused(execute, model, method, arguments):
    """Nothing else is read, nothing is written."""
    with pytest.raises(xmlrpc.client.Fault):
        execute(model, method, *arguments)


def test_keys(platform, post):
    """A key is good for its calls only; a wrong one for nothing."""
    assert post("some", "ctsp.dictionary.item", "search_read", domain=ITEMS, fields=["code"]).status_code == 200
    assert post("some", "ctsp.discipline", "search_read", domain=[], fields=["code"]).status_code in (401, 403)
    assert post("x" * 40, "ctsp.dictionary.item", "search_read", domain=ITEMS).status_code in (401, 403)
    common = xmlrpc.client.ServerProxy(f"{platform.url}/xmlrpc/2/common")
    assert not common.authenticate(platform.database, "rpc-example", "wrong", {})
