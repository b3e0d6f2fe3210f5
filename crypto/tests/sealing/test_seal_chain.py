"""What sealing itself wrote: journals, state and checkpoints. Every change of them is found, a killed run
harms nothing.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from ctsp_crypto.errors import PolicyError
from ctsp_crypto.sealing import SettingsError
from ctsp_crypto.sealing.settings import read
from machine import KEY, World, kinds, lines_of


def journal(world):
    return next((world.folder / "state" / "logs" / "app").glob("*.jsonl"))


def test_every_journal_line_counts(world):
    for _ in range(4):
        world.write(600)
        world.seal()
    path = journal(world)
    good = lines_of(path)
    assert len(good) > 6
    for at in range(len(good)):
        for bad in (
            good[:at] + good[at + 1 :],
            [*good[:at], good[at], *good[at:]],
            [*good[:at], *reversed(good[at : at + 2]), *good[at + 2 :]],
            [
                *good[:at],
                good[at].replace(b'"at":', b'"at":1', 1).replace(b'"created":', b'"created":1', 1),
                *good[at + 1 :],
            ],
        ):
            # what follows the committed end is what a killed run left; it counts for nothing
            if bad[: len(good)] != good:
                path.write_bytes(b"".join(bad))
                assert "journal_damaged" in kinds(world.verify()), at
    path.write_bytes(b"".join(good))
    assert world.verify().passed


def test_flipped_bytes_of_state_and_checkpoints(world):
    world.write(50)
    world.seal()
    generator = random.Random(7)
    folder = world.folder
    for path in (folder / "state/engine.json", folder / "state/logs/app/state.json", folder / "points/00000001.json"):
        good = path.read_bytes()
        for at in generator.sample(range(len(good) - 1), 60):
            bad = bytearray(good)
            bad[at] ^= 1
            path.write_bytes(bytes(bad))
            assert not world.verify().passed, (path, at)
        path.write_bytes(good)
    assert world.verify().passed


def test_checkpoints_removed_swapped_and_rolled_back(world):
    for _ in range(5):
        world.write(10)
        world.seal()
    points = sorted((world.folder / "points").iterdir())
    good = {path: path.read_bytes() for path in points}
    for path in points:
        path.unlink()
        assert kinds(world.verify()) == ["checkpoint_missing"], path
        path.write_bytes(good[path])
    points[1].write_bytes(good[points[2]])
    points[2].write_bytes(good[points[1]])
    assert kinds(world.verify()).count("checkpoint_damaged") == 2
    for path in points:
        path.write_bytes(good[path])
    assert world.verify().passed


def test_state_rolled_back_to_an_older_one(world):
    """The attacker restores log, journal and state of yesterday; the checkpoints, kept apart, still know."""
    world.write(600)
    world.seal()
    log = world.log.read_bytes()
    state = world.folder / "state"
    before = {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
    world.write(600, "痕迹")
    world.seal()
    world.log.write_bytes(log)
    for path, content in before.items():
        path.write_bytes(content)
    report = world.verify()
    assert "state_rolled_back" in kinds(report)


def test_a_wrong_key_is_not_called_tampering(world):
    world.write(5)
    world.seal()
    assert kinds(world.engine(bytes(32)).verify()) == ["key_wrong"]
    assert kinds(world.engine(bytes(32)).seal()) == ["key_wrong"]
    assert world.verify().passed


def test_one_run_at_a_time(world):
    world.write(1)
    engine = world.engine()
    with engine._locked(), pytest.raises(PolicyError):
        world.engine().seal()


CHILD = """
import sys
sys.path[:0] = [{src!r}, {here!r}]
import ctsp_crypto.sealing.logs as logs
logs.COMMIT_BYTES = 200_000
from ctsp_crypto.sealing import Engine
from ctsp_crypto.sealing.settings import read
import json
print("go", flush=True)
Engine(read(json.loads({tables!r})), bytes(range(32))).seal()
"""


def test_killed_in_the_middle(world):
    """kill -9 at random moments: the next run goes on, nothing is lost, sealed twice or taken for tampering."""
    from pathlib import Path

    import ctsp_crypto

    src, here = str(Path(ctsp_crypto.__file__).parents[1]), str(Path(__file__).parent)
    world.clock.now = time.time()
    world.write(150_000, "x" * 60)
    code = CHILD.format(src=src, here=here, tables=json.dumps(world.tables))
    generator = random.Random(3)
    kills, struck, longest = 0, False, 0.12
    while kills < 12 or not struck:
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(generator.uniform(0.0, longest))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        done, size = world.engine().status()[0]["bytes"], world.log.stat().st_size
        kills, struck = kills + 1, struck or 0 < done < size
        assert struck or (done < size and kills < 20), "the kills struck in the middle"
        if kills >= 12:
            longest *= 2  # a busy machine does little in so short a time
    world.clock.now = time.time() + 60
    assert world.seal().passed
    report = world.verify()
    assert report.passed, report.text()
    assert report.sources[0]["lines"] == 150_000


@pytest.mark.parametrize(
    "change",
    [
        {"seal": {}},
        {"log": []},
        {"log": [{"name": "a/b", "path": "/x"}]},
        {"log": [{"name": "a", "path": "/x", "format": "excel"}]},
        {"log": [{"name": "a", "path": "/x", "fromat": "nginx"}]},
        {"log": [{"name": "a", "path": "/x"}, {"name": "a", "path": "/y"}]},
        {"file": [{"name": "f", "path": "/x", "kind": "word"}]},
        {"extra": {}},
    ],
)
def test_settings_that_cannot_be_used(world, change):
    with pytest.raises(SettingsError) as caught:
        read({**world.tables, **change})
    assert "配置文件" in str(caught.value)


def test_a_pattern_names_several_logs(tmp_path):
    world = World(tmp_path)
    for name in ("vm1.log", "vm2.log", "vm1.log.1", "vm2.log-20261101.gz"):
        (world.log.parent / name).write_text("a\n")
    world.tables["log"] = [{"name": "vm", "path": f"{world.log.parent}/*.log*"}]
    assert [source.name for source in read(world.tables).logs] == ["vm.vm1.log", "vm.vm2.log"]


def test_report_is_readable(world):
    world.write(3)
    data = world.seal().as_dict()
    assert data["format"] == "ctsp-seal-report/1"
    assert json.loads(json.dumps(data))["counts"] == {"error": 0, "warning": 0, "note": 1}
    assert KEY.hex() not in json.dumps(data)


def test_a_source_cannot_be_hidden(world):
    """Taking a line out of the configuration, or the state of a source off the disk, is found; an administrator
    may retire it.
    """
    world.write(10)
    world.watch("sshd_config", "sshd_config", "PermitRootLogin no\n")
    world.seal()
    tables = dict(world.tables)
    for kind, name in (("log", "app"), ("file", "sshd_config")):
        world.tables = {**tables, kind: []}
        assert kinds(world.verify()) == ["source_dropped"], name
        world.engine().accept(name, "示例管理员", "设备下线")
        assert world.verify().passed
        (world.folder / "state" / "retired.json").unlink()
    world.tables = {**tables, "log": []}
    shutil.rmtree(world.folder / "state" / "logs")
    assert kinds(world.verify()) == ["state_rolled_back"]


def test_a_log_of_a_pattern_that_vanishes(tmp_path):
    world = World(tmp_path)
    world.tables["log"] = [{"name": "vm", "path": f"{world.log.parent}/*.log"}]
    world.write(5)
    world.seal()
    world.log.unlink()
    other = world.log.with_name("other.log")
    other.write_text("1\n")
    assert world.seal().passed, "the pattern finds nothing wrong"
    assert kinds(world.verify()) == ["file_missing"]
    world.clock.now += 200 * 86400
    assert world.verify().passed


def test_what_only_sealing_sees_is_repeated(world):
    world.write(10)
    world.seal()
    world.clock.now -= 7200
    assert kinds(world.engine().seal()) == ["clock_back"]
    world.clock.now += 7200
    for _ in range(2):
        report = world.verify()
        assert [(f.kind, f.severity) for f in report.findings] == [("clock_back", "warning")]
        assert "封存时发现" in report.text()
    events = world.folder / "state" / "events.jsonl"
    good = events.read_bytes()
    for bad in (b"", good.replace(b"clock_back", b"clock_bach")):
        events.write_bytes(bad)
        assert "journal_damaged" in kinds(world.verify())
    events.write_bytes(good)
    world.clock.now += 8 * 86400
    assert world.verify().findings == []


def test_checkpoints_are_never_written_over(world):
    """The state is removed: sealing says so and goes on behind the checkpoints that are there."""
    for _ in range(3):
        world.write(10)
        world.seal()
    points = world.folder / "points"
    good = {path: path.read_bytes() for path in points.iterdir()}
    shutil.rmtree(world.folder / "state")
    report = world.seal()
    assert kinds(report) == ["state_rolled_back"]
    assert report.checkpoint["sequence"] == 4
    assert all(path.read_bytes() == content for path, content in good.items())


def test_killed_between_checkpoint_and_state(world):
    world.write(10)
    world.seal()
    engine = world.folder / "state" / "engine.json"
    before = engine.read_bytes()
    world.write(10)
    world.seal()
    engine.write_bytes(before)
    world.write(10)
    report = world.seal()
    assert report.passed
    assert report.checkpoint["sequence"] == 3
    assert world.verify().passed


def test_nothing_new_no_checkpoint(world):
    world.write(1)
    first = world.seal().checkpoint
    assert world.seal().checkpoint == first
    world.clock.now += 90_000
    assert world.seal().checkpoint["sequence"] == 2
    assert world.verify().passed


def test_the_example_configuration():
    from pathlib import Path

    from ctsp_crypto.sealing import load

    settings = load(Path(__file__).parents[3] / "config" / "seal.toml")
    assert {"passwd", "shadow", "sudoers", "sshd_config"} <= {source.name for source in settings.files}
    assert {"syslog", "audit", "nginx-access"} <= {source.name for source in settings.logs}
