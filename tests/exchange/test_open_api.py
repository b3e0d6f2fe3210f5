"""The open interfaces as institutions meet them: the published document, the ready clients, the guide's own example."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "docs" / "examples" / "open_api_client.py"
CASES = int(os.environ.get("CTSP_CASES", "1500"))
"""requests that schemathesis makes up; by command: CTSP_CASES=20000 scripts/test --system exchange -- -k schema"""
SEED = 20261122
MOST = 100
"""requests to one operation in one turn"""
TURNS = 3 + CASES // 500
PHASES = os.environ.get("CTSP_PHASES", "examples,fuzzing")
INSTITUTION = """
import json
institution = env["ctsp.institution"].create({
    "name": "示例接口医院（示例）", "record_no": "药临床机构备字2099000099", "state": "filed",
    "uscc": "12990000MB0000009B"})
env["ctsp.specialty"].create({
    "institution_id": institution.id, "name": "示例专业",
    "discipline_id": env["ctsp.discipline"].search([], limit=1).id})
datasets = env["ctsp.dataset"].search([])
datasets.conformance_rows = 20
issue = env["ctsp.exchange.credential"]._issue
common = {"partner_id": institution.partner_id.id, "dataset_ids": [(6, 0, datasets.ids)],
          "daily_rows": 10**8, "minute_requests": 10**6}
keys = {"test": issue({**common, "is_sandbox": True})}
for dataset in datasets:
    env["ctsp.dataset.conformance"]._of(institution.partner_id, dataset)._set_state("signed", "test")
keys["real"] = issue(common)
env.cr.commit()
print("KEYS" + json.dumps({name: [key.key, secret] for name, (key, secret) in keys.items()}))
"""


@pytest.fixture(scope="module")
def keys(platform):
    """Keys of an invented institution: ``test`` and ``real``, each (id, secret)."""
    printed = platform.shell(INSTITUTION)
    return json.loads(printed.split("KEYS")[1].splitlines()[0])


@pytest.fixture(scope="module")
def environment(platform, keys):
    """environment("test"): the variables that the clients read."""
    return lambda name: {**os.environ, "CTSP_URL": platform.url, "CTSP_KEY": keys[name][0],
                         "CTSP_SECRET": keys[name][1]}


@pytest.fixture(scope="module")
def client(environment, tmp_path_factory):
    """client(which key, command …) → what the ready client prints."""
    folder = tmp_path_factory.mktemp("client")

    def run(which, *arguments):
        done = subprocess.run([sys.executable, CLIENT, *map(str, arguments)], env=environment(which), cwd=folder,
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    run.folder = folder
    return run


def write(folder, name, rows):
    path = folder / name
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_ready_client(client, facts):
    """Samples, a report, its findings, the correction, a file in parts: with the client that we hand out."""
    samples = client("test", "samples", "recent_trials", 4, 2)["data"]
    sent = client("test", "submit", "recent_trials", write(client.folder, "rows.json", samples["rows"]))
    assert (sent["data"]["state"], sent["data"]["refusedRows"]) == ("partial", 2), sent
    again = client("test", "submit", "recent_trials", client.folder / "rows.json")
    assert (again["data"]["number"], again["data"]["duplicate"]) == (sent["data"]["number"], True)
    found = client("test", "findings", sent["data"]["number"])
    assert [(item["row"], item["path"]) for item in found] == [
        (item["row"], item["path"]) for item in samples["expected"]]
    assert client("test", "receipt", sent["data"]["number"])["data"]["outcome"]
    rows = client("test", "samples", "recent_trials", 30, 0)["data"]["rows"]
    lines = client.folder / "rows.ndjson"
    lines.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    whole = client("test", "upload", "recent_trials", lines)
    assert (whole["data"]["acceptedRows"], whole["data"]["state"]) == (30, "accepted"), whole
    shown = {item["dataset"]: item for item in client("test", "conformance")["data"]["items"]}
    assert not [check for check in shown["recent_trials"]["checks"] if not check["passed"]], shown["recent_trials"]
    assert facts("SELECT count(*) FROM ctsp_dataset_call") > [(5,)]


def test_curl(environment, client):
    """The guide's own lines, run as they stand there."""
    guide = (ROOT / "docs" / "open-api.md").read_text(encoding="utf-8")
    script = re.search(r"```sh\n(TARGET=.*?)```", guide, re.DOTALL)[1]
    write(client.folder, "rows.json", client("test", "samples", "recent_trials", 2, 0)["data"]["rows"])
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=environment("test"), cwd=client.folder,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"]["acceptedRows"] == 2, done.stdout


def make_up(url, variables, folder, seed, examples, phases):
    """Begin to send ``examples`` made-up requests to each operation. A process: threads disturb each other's parser."""
    return subprocess.Popen(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/ctsp/open/v1/openapi.json", "--workers", "1",
         "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
         "--phases", phases, "--max-examples", str(examples), "--seed", str(seed),
         "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all", "--warnings", "off"],
        env=variables, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_schema(platform, environment, tmp_path):
    """Whatever schemathesis makes up is answered as the document says: never with an error of ours.

    How many requests a turn really sends is schemathesis's own affair (an operation may have fewer different ones
    than asked for), so turns with other seeds follow until ``CASES`` were sent.
    """
    document = requests.get(f"{platform.url}/ctsp/open/v1/openapi.json", timeout=60).json()
    operations = sum(len(path) for path in document["paths"].values())
    made = tmp_path / "made"
    made.touch()
    variables = environment("real") | {"SCHEMATHESIS_HOOKS": "open_api_hooks", "CTSP_MADE": str(made),
                                       "PYTHONPATH": str(Path(__file__).parent)}
    for turn in range(1 + TURNS):
        missing = CASES - made.stat().st_size
        if missing <= 0:
            break
        half = min(missing // (2 * operations) + 1, MOST)
        makers = [make_up(platform.url, variables, tmp_path, SEED + 2 * turn, half, PHASES if not turn else "fuzzing"),
                  make_up(platform.url, variables, tmp_path, SEED + 2 * turn + 1, half, "fuzzing")]
        said = [maker.communicate()[0] for maker in makers]
        assert not any(maker.returncode for maker in makers), "\n\n".join(text[-6000:] for text in said)
        print(f"turn {turn + 1}: {made.stat().st_size} requests", flush=True)
    assert made.stat().st_size >= CASES
