"""A sealed log: every single change of it is found and named, and honest growth and rotation raise no alarm."""

import gzip
import random

import pytest

from machine import World, kinds, lines_of, put


def errors(report):
    return [(finding.kind, finding.line) for finding in report.findings if finding.severity == "error"]


def test_growth_is_no_alarm(world):
    for _ in range(5):
        world.write(700)
        assert world.seal().passed
        assert world.verify().passed
    report = world.verify()
    assert report.sources[0]["lines"] == 3500
    assert report.sources[0]["bytes"] == world.log.stat().st_size


def test_every_line_dropped_is_named(world):
    world.write(40)
    world.seal()
    good = lines_of(world.log)
    for at in range(40):
        put(world.log, good[:at] + good[at + 1 :])
        expected = "line_deleted" if at < 39 else "tail_cut"
        assert errors(world.verify()) == [(expected, at + 1)], at
    put(world.log, good)
    assert world.verify().passed


def test_every_line_changed_is_named(world):
    world.write(40)
    world.seal()
    good = lines_of(world.log)
    for at in range(40):
        put(world.log, [*good[:at], good[at].replace(b" ", b"_", 1), *good[at + 1 :]])
        assert errors(world.verify()) == [("line_changed", at + 1)], at


def test_every_insertion_is_named(world):
    world.write(40)
    world.seal()
    good = lines_of(world.log)
    for at in range(40):
        put(world.log, [*good[:at], b"forged\n", *good[at:]])
        assert errors(world.verify()) == [("line_inserted", at + 1)], at


def test_every_swap_is_found(world):
    world.write(40)
    world.seal()
    good = lines_of(world.log)
    for at in range(39):
        swapped = good[:]
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        put(world.log, swapped)
        assert kinds(world.verify()) == ["line_moved"], at


def test_every_byte_counts(world):
    world.write(3)
    world.seal()
    good = world.log.read_bytes()
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 << (at % 8)
        put(world.log, [bytes(bad)])
        assert not world.verify().passed, at


def test_random_tampering(world):
    """Ten thousand lines, several runs of sealing, a hundred random edits: each is found."""
    generator = random.Random(20261122)
    for _ in range(4):
        world.write(2500, "x" * generator.randrange(5, 90))
        world.seal()
    good = lines_of(world.log)
    for _ in range(100):
        lines = good[:]
        at = generator.randrange(len(lines))
        match generator.choice(["drop", "change", "insert", "move", "cut", "duplicate"]):
            case "drop":
                del lines[at : at + generator.randrange(1, 400)]
            case "change":
                lines[at] = b"changed\n"
            case "insert":
                lines[at:at] = [b"new %d\n" % n for n in range(generator.randrange(1, 600))]
            case "move":
                lines.insert((at + 5000) % len(lines), lines.pop(at))
            case "cut":
                del lines[at:]
            case "duplicate":
                lines.insert(at, lines[at])
        put(world.log, lines)
        assert not world.verify().passed
    put(world.log, good)
    assert world.verify().passed


def test_tampering_hidden_by_growth(world):
    world.write(100)
    world.seal()
    lines = lines_of(world.log)
    del lines[50]
    put(world.log, lines)
    world.write(50)
    assert errors(world.verify()) == [("line_deleted", 51)]


@pytest.mark.parametrize("way", ["create", "copytruncate", "gzip"])
def test_rotation(world, way):
    """What was written between the last run and the rotation is sealed too; tampering in a rotated file is named."""
    for _ in range(4):
        world.write(300)
        assert world.seal().passed
        world.write(33)
        rotated = world.rotate(way)
        world.write(20)
        assert world.seal().passed, way
        assert world.verify().passed, way
    report = world.verify()
    assert report.sources[0]["lines"] == 4 * 353
    content = gzip.decompress(rotated.read_bytes()) if way == "gzip" else rotated.read_bytes()
    lines = content.splitlines(keepends=True)
    del lines[340]
    rotated.write_bytes(gzip.compress(b"".join(lines)) if way == "gzip" else b"".join(lines))
    assert errors(world.verify()) == [("line_deleted", 341)]


def test_verify_between_rotation_and_seal(world):
    world.write(100)
    world.seal()
    world.rotate()
    world.write(10)
    assert world.verify().passed


def test_two_rotations_between_runs(world):
    world.write(100)
    world.seal()
    world.rotate()
    world.write(50)
    world.rotate("gzip")
    world.write(7)
    report = world.seal()
    assert report.passed
    assert report.sources[0]["lines"] == 157
    assert world.verify().passed


def test_existing_rotated_files_are_sealed_at_first(world):
    world.write(10)
    world.rotate("gzip")
    world.write(10)
    world.rotate()
    world.write(10)
    assert world.seal().sources[0] == world.seal().sources[0] | {
        "added_lines": 30,
        "added_bytes": world.verify().sources[0]["bytes"],
    }


def test_a_deleted_rotated_file(world):
    world.write(100)
    world.seal()
    rotated = world.rotate()
    world.write(5)
    world.seal()
    rotated.unlink()
    assert kinds(world.verify()) == ["file_missing"]
    world.clock.now += 181 * 86400
    assert world.verify().passed, "after the time of retention it may go"


def test_a_line_added_to_a_rotated_file(world):
    world.write(100)
    world.seal()
    rotated = world.rotate()
    world.seal()
    with rotated.open("ab") as stream:
        stream.write(b"late\n")
    assert errors(world.verify()) == [("line_inserted", 101)]


def test_truncation_by_hand(world):
    world.write(100)
    world.seal()
    put(world.log, [])
    assert errors(world.verify()) == [("tail_cut", 1)]
    assert kinds(world.seal()) == ["tail_cut"]
    world.write(10)
    assert world.seal().passed, "said once; the new lines are sealed"
    assert not world.verify().passed, "until somebody accepts it"
    assert world.engine().accept("app", "示例管理员", "磁盘故障") == 1
    report = world.verify()
    assert report.passed
    assert "磁盘故障" in report.text()


def test_removed_and_replaced(world):
    world.write(100)
    world.seal()
    world.log.unlink()
    assert kinds(world.verify()) == ["file_missing"]
    assert kinds(world.seal()) == ["file_missing"]
    world.write(10)
    assert "file_missing" in kinds(world.seal())


def test_a_line_without_end_waits(world):
    world.write(3)
    with world.log.open("ab") as stream:
        stream.write(b"half a ")
    assert world.seal().sources[0]["lines"] == 3
    with world.log.open("ab") as stream:
        stream.write(b"line\n")
    assert world.seal().sources[0]["lines"] == 4
    with world.log.open("ab") as stream:
        stream.write(b"never ended")
    world.rotate()
    assert world.seal().sources[0]["lines"] == 5
    assert world.verify().passed


def test_lines_without_end_do_not_fill_the_memory(world):
    with world.log.open("ab") as stream:
        stream.write(b"x" * 1_000_000)
    world.seal()
    with world.log.open("ab") as stream:
        stream.write(b"y" * 400_000 + b"\n")
    world.seal()
    assert world.verify().passed
    bad = bytearray(world.log.read_bytes())
    bad[1_000_100] ^= 1
    put(world.log, [bytes(bad)])
    assert not world.verify().passed


@pytest.mark.parametrize(
    ("kind", "lines", "at"),
    [
        ("syslog", ["Nov 22 10:00:00 h a: 1", "Nov 22 10:05:00 h a: 2", "Nov 22 09:00:00 h a: 3"], 3),
        ("syslog", ["2026-11-22T10:00:00.1+08:00 h a", "2026-11-22T03:05:00Z h a", "2026-11-22T10:01:00+08:00 h a"], 3),
        ("auditd", ["type=A msg=audit(1790000000.1:1): a", "type=A msg=audit(1789990000.1:2): b"], 2),
        ("nginx", ['::1 - - [22/Nov/2026:10:00:00 +0800] "GET /"', '::1 - - [22/Nov/2026:01:00:00 +0000] "GET /"'], 2),
        ("nginx", ["2026/11/22 10:00:00 [error] 7#7: *1 a", "2026/11/22 09:00:00 [error] 7#7: *1 a"], 2),
        ("postgresql", ["2026-11-22 10:00:00.123 CST [1] LOG: a", "\tat", "2026-11-22 01:10:00.000 UTC [1] LOG: b"], 3),
    ],
)
def test_the_clock_of_the_log_goes_back(tmp_path, kind, lines, at):
    world = World(tmp_path, format=kind)
    world.log.write_text("".join(f"{line}\n" for line in lines))
    assert errors(world.seal()) == [("clock_back", at)]


def test_the_clock_of_the_machine_goes_back(world):
    world.write(1)
    world.seal()
    world.clock.now -= 3600
    assert kinds(world.engine().seal()) == ["clock_back"]
