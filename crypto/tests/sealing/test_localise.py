"""Naming lines: over random edits of lines that are all different, exactly what was done is said."""

import random

import pytest

from ctsp_crypto.sealing.localise import BLOCK, CHANGED, CUT, DELETED, FOUND_MAX, INSERTED, MOVED, changes


def lines(count):
    return [b"%d" % number for number in range(count)]


def spread(found, kind, side):
    """Line numbers of one kind, runs taken apart."""
    return {getattr(one, side) + step for one in found if one.kind == kind for step in range(one.count)}


@pytest.mark.parametrize("seed", range(40))
def test_random_edits(seed):
    """Deletions, insertions and changes at random places with at least one untouched line between them."""
    generator = random.Random(seed)
    old = lines(generator.choice([30, 300, 9000]))
    places = sorted(generator.sample(range(0, len(old), 3), min(len(old) // 6, generator.randrange(1, 60))))
    new, deleted, inserted, changed = [], set(), set(), set()
    edits = {at: generator.choice("dic") for at in places}
    for at, line in enumerate(old):
        edit = edits.get(at)
        if edit == "d":
            deleted.add(at + 1)
            continue
        if edit == "i":
            new.append(b"new %d" % at)
            inserted.add(len(new))
        new.append(b"changed %d" % at if edit == "c" else line)
        if edit == "c":
            changed.add(len(new))
    found = changes(old, new)
    gone = spread(found, DELETED, "old") | spread(found, CUT, "old")
    assert (gone, spread(found, INSERTED, "new"), spread(found, CHANGED, "new")) == (deleted, inserted, changed)


@pytest.mark.parametrize("seed", range(20))
def test_moves(seed):
    generator = random.Random(seed)
    old = lines(3000)
    new = old[:]
    line = new.pop(generator.randrange(3000))
    new.insert(generator.randrange(3000), line)
    found = changes(old, new)
    if new == old:
        assert found == []
    else:
        assert [one.kind for one in found] == [MOVED]


def test_open_end():
    old = lines(100)
    assert changes(old, [*old, b"x", b"y"], open_end=True) == []
    assert [one.kind for one in changes(old, [*old, b"x", b"y"])] == [INSERTED]
    assert [(one.kind, one.old) for one in changes(old, [*old[:40], *old[41:], b"x"], open_end=True)] == [(DELETED, 41)]


def test_identical_lines():
    """A log may say the same thing a thousand times; the number of lines still has to be right."""
    old = [b"same"] * 1000
    for size in (0, 1, 500, 999):
        assert sum(one.count for one in changes(old, old[:size])) == 1000 - size
    assert sum(one.count for one in changes(old, [*old, b"same"])) == 1


def test_bounded():
    """Everything different: bounded work, and the answer says where it stopped."""
    old = lines(400_000)
    found = changes(iter(old), (b"x" if number % 5 == 0 else line for number, line in enumerate(old)))
    assert found[-1].kind == BLOCK
    assert FOUND_MAX <= len(found) <= 2 * FOUND_MAX
    assert changes(iter(old), iter([b"y"] * 400_000))


def test_empty():
    assert changes([], []) == []
    assert [one.kind for one in changes(lines(3), [])] == [CUT]
    assert [one.kind for one in changes([], lines(3))] == [INSERTED]
    assert changes([], lines(3), open_end=True) == []
