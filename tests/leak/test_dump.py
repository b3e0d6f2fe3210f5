"""What somebody finds who takes away a dump of the database, the file store and the log of the server.

People work with personal data first: they import, export, search, write, fail and attach. Then every protected value
and every key is searched for in everything that was written: in clear, as hexadecimal digits, as base64, escaped as
JSON, and inside what is compressed.
"""
import base64
import configparser
import io
import json
import os
import subprocess
import xmlrpc.client
import zipfile
import zlib
from pathlib import Path

import pytest

WORK = Path(__file__).with_name("work.py").read_text(encoding="utf-8")
VALUES = Path(__file__).with_name("values.py").read_text(encoding="utf-8")
KEYS = Path(__file__).with_name("keys.py").read_text(encoding="utf-8")
SHORTEST = 6  # characters; shorter words stand everywhere
REFUSED = ("13944449999x", "310101197703142618", "13933334444x", "cen.bad@leak.example.org")
"""what people typed and the platform did not take"""


def answer(text):
    return json.loads(next(line for line in text.splitlines() if line.startswith("RESULT "))[7:])


@pytest.fixture(scope="module")
def protected(platform):
    """Do the work, then return ``{value: where it belongs}`` of every protected value."""
    person = answer(platform.shell(WORK))["person"]
    execute = platform.rpc("leak_officer", "Drill-2099-leak")
    for values in ({"mobile": REFUSED[0]}, {"id_number": REFUSED[1]}):
        with pytest.raises(xmlrpc.client.Fault):
            execute("ctsp.person", "write", [person], {**values, "correction_reason": "演练"})
    assert execute("ctsp.person", "search", [("mobile", "=", "139-4444-5555")]) == [person]
    assert execute("ctsp.person", "read", [person], ["mobile"])[0]["mobile"] == "13944445555"
    found = answer(platform.shell(VALUES))
    assert len(found) > 50, "the sample data has personal data"
    found = {value: where for value, where in found.items() if len(value) >= SHORTEST}
    assert {"13955557777", "E99887766示例"} <= found.keys(), "added on screen, and of an account"
    return found | dict.fromkeys((*REFUSED, "13955556666"), "refused or replaced")


@pytest.fixture(scope="module")
def dump(platform, protected):
    """Return the rows of all tables as pg_dump writes them: ``[(table, bytes)]``."""
    from kit import database, postgres

    folder, server = database.client_folder(), database.testing()
    env = (postgres.environment(folder) if folder else dict(os.environ)) | {
        "PGHOST": server.host, "PGPORT": server.port, "PGUSER": server.admin.user}
    program = str(folder / "pg_dump") if folder else "pg_dump"
    done = subprocess.run([program, "--data-only", platform.database], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    tables, name = [], ""
    for line in done.stdout.splitlines():
        if line.startswith(b"COPY "):
            name = line.split()[1].decode()
        elif name:
            tables.append((name, line))
    assert len(tables) > 10_000
    return tables


@pytest.fixture(scope="module")
def files(platform, protected):
    """Return ``[(name, bytes)]`` of the file store, with what is packed inside them."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(platform.config, encoding="utf-8")
    folder = Path(parser["options"]["data_dir"]) / "filestore" / platform.database
    found = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    assert any(name.rpartition("/")[2].startswith("x") for name, _content in found)
    return found + [part for name, content in found for part in unpacked(name, content)]


def unpacked(name, content):
    """Office documents are archives, streams of a PDF are deflated."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(f"{name}!{one}", archive.read(one)) for one in archive.namelist()]
    if content[:4] == b"%PDF":
        return [(f"{name}!stream", inflated(part)) for part in content.split(b"stream\n")[1:]]
    return []


def inflated(content):
    try:
        return zlib.decompressobj().decompress(content)
    except zlib.error:
        return b""


def forms(value: bytes):
    """Return how bytes may stand in a text: themselves, hexadecimal, base64, escaped."""
    text = value.decode("utf-8", "ignore")
    return {
        value, value.hex().encode(), base64.b64encode(value).rstrip(b"="), json.dumps(text)[1:-1].encode(),
    } - {b""}


def places(wanted, texts):
    """Return ``[(where found, which value)]``."""
    needles = [(form, value) for value in wanted for form in forms(value.encode())]
    found = set()
    for name, content in texts:
        for form, value in needles:
            if form in content:
                found.add((name, value))
    return sorted(found)


def blob(texts, size=1 << 22):
    """Join small texts of one name, so that each value is searched for in few large ones."""
    joined, name, length = [], None, 0
    for one, content in texts:
        if joined and (one != name or length > size):
            yield name, b"\n".join(joined)
            joined, length = [], 0
        name, length = one, length + len(content)
        joined.append(content)
    if joined:
        yield name, b"\n".join(joined)


def test_no_value_in_the_database(protected, dump):
    assert places(protected, blob(dump)) == []


def test_no_value_in_the_files(protected, files):
    assert places(protected, files) == []


def test_no_value_in_the_log(protected, dump, platform):
    assert places(protected, [("log", Path(platform.log).read_bytes())]) == []


def test_the_search_finds_what_is_there(dump):
    """The search itself works: the name of an institution is public and found."""
    assert places({"示例第一医院": ""}, blob(dump))


def test_no_key_anywhere(platform, protected, dump, files):
    """Neither the root key nor any key below it is in the database, a file or the log."""
    keys = [bytes.fromhex(one) for one in answer(platform.shell(KEYS))]
    assert len(keys) > 5
    texts = [*blob(dump), *files, ("log", Path(platform.log).read_bytes())]
    for key in keys:
        for form in (key, key.hex().encode(), base64.b64encode(key).rstrip(b"=")):
            assert not [name for name, content in texts if form in content or form.upper() in content]
