"""A backup drill: back up while the platform runs, spoil copies of the backup, restore, compare, verify everything."""
import json
import shutil
from dataclasses import replace

import pytest
from kit import backup, bundle, database, paths, restore
from kit.errors import Problem
from kit.installation import Installation
from kit.odoo import Odoo

PHRASE = "演练用口令-drill-2099"
WORK = """
institution = env["ctsp.institution"].search([], limit=1)
institution.website = "https://backup.example.org"
env["ir.attachment"].create({
    "name": "备份演练.txt", "raw": "演练".encode(), "res_model": institution._name, "res_id": institution.id})
env.cr.commit()
env["ctsp.audit.sealer"]._seal_committed(everything=True)
"""
CONTENT = """
import hashlib, json
steward = env["ctsp.person"].search([("mobile", "!=", False)], order="id", limit=50)
files = env["ir.attachment"].search([("res_model", "=like", "ctsp.%"), ("store_fname", "!=", False)], order="id")
print("CONTENT " + json.dumps({
    "institutions": env["ctsp.institution"].search([], order="id").mapped("name"),
    "filings": env["ctsp.filing"].search([], order="id").mapped(lambda one: [one.display_name, one.state]),
    "people": [[one.name, one.mobile] for one in steward],
    "files": [hashlib.new("sm3", one.raw).hexdigest() for one in files],
    "log": env["ctsp.audit.log"].search([], order="id", limit=300).ids,
}, ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def odoo():
    return Odoo(database.testing(), "test", paths.VAR / "odoo-test")


@pytest.fixture(scope="module")
def made(platform, odoo, tmp_path_factory):
    """Return the folder and the file of keys."""
    platform.shell(WORK)
    data, keys = (tmp_path_factory.mktemp(name) for name in ("data", "keys"))
    return backup.make(odoo, platform.database, data, keys, PHRASE)


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made[0], tmp_path / "copy")


def content(platform):
    line = next(line for line in platform.shell(CONTENT).splitlines() if line.startswith("CONTENT "))
    return json.loads(line.removeprefix("CONTENT "))


def test_no_key_lies_with_the_data(made):
    """The root key is in the encrypted file of keys alone, and nobody else may read either."""
    folder, keys = made
    root = bundle.read_keys(keys, PHRASE).root
    secrets = list(json.loads(root)["keys"].values())
    assert secrets
    for path in (*folder.iterdir(), keys):
        found = path.read_bytes()
        assert not any(one.encode() in found or bytes.fromhex(one) in found for one in secrets), path.name
        assert path.stat().st_mode & 0o077 == 0, path.name


@pytest.mark.parametrize("name", bundle.PARTS)
def test_a_changed_file_is_found(made, copy, name):
    path = copy / name
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(Problem, match=name):
        bundle.checked(copy, bundle.read_keys(made[1], PHRASE))


def test_a_manifest_made_to_fit_is_found(made, copy):
    """Who changes a file and writes its new digest into the manifest does not have the file of keys."""
    (copy / bundle.FILES).write_bytes(b"")
    facts = json.loads((copy / bundle.MANIFEST).read_text())
    bundle.write_manifest(copy, **{name: facts[name] for name in ("database", "uuid", "made_at", "postgresql")})
    with pytest.raises(Problem, match="清单"):
        bundle.checked(copy, bundle.read_keys(made[1], PHRASE))


def test_another_passphrase_opens_nothing(made, tmp_path):
    spoilt = tmp_path / "spoilt.keys"
    changed = bytearray(made[1].read_bytes())
    changed[-1] ^= 1
    spoilt.write_bytes(changed)
    for path, phrase in ((made[1], f"{PHRASE}x"), (spoilt, PHRASE)):
        with pytest.raises(Problem, match="密钥包"):
            bundle.read_keys(path, phrase)


def test_restored_it_is_the_same(platform, odoo, made):
    """Into a fresh database: same content; every code, signature, ciphertext and file verified; nothing replaced."""
    folder, keys = made[0], bundle.read_keys(made[1], PHRASE)
    manifest, name = bundle.checked(folder, keys), f"{platform.database}_back"
    with pytest.raises(Problem, match="已存在"):
        restore.bring_back(odoo, folder, keys, manifest, platform.database)
    try:
        restore.bring_back(odoo, folder, keys, manifest, name)
        rows = restore.verify(odoo, name)
        assert all(row["good"] for row in rows) and len(rows) == 4, rows
        assert min(row["rows"] for row in rows) > 0, rows
        there, here = content(replace(platform, database=name)), content(platform)
        assert there["files"] and len(here["log"]) == 300
        assert there == here
    finally:
        Installation(odoo, name).remove()
        for path in bundle.evidence_folders(odoo.data)["checkpoints"].glob(f"{name}-*"):
            path.unlink()
