"""Which lines changed: the tags that were sealed beside the tags that are there now. Pure.

The answer is for a reader: deleted lines by their old number, inserted and changed lines by their new one,
moved lines by both. Line numbers start at 1. Memory and work are bounded: both sides are streams, a difference
is aligned line by line up to `LIMIT` lines and given as one block beyond it ("lines 10 to 90000 changed"), and
after `FOUND_MAX` differences the rest is one block (count 0).
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

LIMIT = 4000
WINDOW_MIN, WINDOW_MAX = 256, 64 * LIMIT
FOUND_MAX = 1000  # differences told one by one; what follows is one block
# so many equal lines in a row are taken as the two sides being in step again: many first, fewer where edits
# stand close
RUNS = (8, 2)

DELETED, INSERTED, CHANGED, MOVED, BLOCK, CUT = "deleted", "inserted", "changed", "moved", "block", "cut"


@dataclass(frozen=True)
class LineChange:
    """`old`, `new`: line numbers (first of `count` lines), 0 where there is none."""

    kind: str
    old: int
    new: int
    count: int = 1


def changes(old: Iterable[bytes], new: Iterable[bytes], open_end: bool = False) -> list[LineChange]:
    """What turned the stream of tags `old` into `new`, with a bounded window on both.

    `open_end`: lines after the end of `old` are new lines that nobody has sealed yet, not insertions.
    """
    return _Walk(old, new, open_end).run()


class _Walk:
    """Two streams read in step; where they part, windows are filled until they meet again."""

    def __init__(self, old, new, open_end: bool):
        self.old, self.new, self.open_end = _Window(old), _Window(new), open_end
        self.found: list[LineChange] = []

    def run(self) -> list[LineChange]:
        while self._step_equal():
            if len(self.found) >= FOUND_MAX:
                return [*_merge(_join_moves(self.found, {})), LineChange(BLOCK, self.old.line, self.new.line, 0)]
            self._step_different()
        result = _merge(_join_moves(self.found, self._after()))
        if (
            result
            and result[-1].kind == DELETED
            and not self.new.items
            and result[-1].old + result[-1].count == self.old.line
        ):
            result[-1] = LineChange(CUT, result[-1].old, 0, result[-1].count)
        return result

    def _after(self) -> dict[bytes, int]:
        """Lines nobody has sealed yet, tag → number: a sealed line that is missing may have been moved among them."""
        self.new.fill(LIMIT if self.found and self.open_end else 0)
        return {tag: self.new.line + at for at, tag in reversed(list(enumerate(self.new.items)))}

    def _step_equal(self) -> bool:
        """Steps over what is equal; False at the end of the comparison."""
        old, new = self.old, self.new
        while True:
            count = _common(old.items, new.items)
            old.drop(count)
            new.drop(count)
            if old.items and new.items:
                return True
            if not old.fill(LIMIT):
                return bool(new.fill(LIMIT)) and not self.open_end
            if not new.fill(LIMIT):
                return True

    def _step_different(self) -> None:
        size = WINDOW_MIN
        while True:
            self.old.fill(size)
            self.new.fill(size)
            meeting = self._meeting(RUNS[0]) or self._meeting(RUNS[1])
            if meeting or size >= WINDOW_MAX or (self.old.ended and self.new.ended):
                break
            size *= 4
        at_old, at_new = meeting or self._ends()
        part = compare(self.old.items[:at_old], self.new.items[:at_new], self.old.line, self.new.line)
        self.found += [
            (
                change,
                self.old.items[change.old - self.old.line]
                if change.old
                else self.new.items[change.new - self.new.line],
            )
            for change in part
        ]
        self.old.drop(at_old)
        self.new.drop(at_new)

    def _meeting(self, run: int) -> tuple[int, int] | None:
        """The first place in `old` from which `run` lines (or all that is left of it) stand somewhere in `new`."""
        old, new = self.old, self.new
        where: dict[tuple, int] = {}
        for at in range(len(new.items) - run + 1):
            where.setdefault(tuple(new.items[at : at + run]), at)
        for at in range(len(old.items) - run + 1):
            there = where.get(tuple(old.items[at : at + run]))
            if there is not None:
                return at, there
        return self._meeting_at_end(run) if old.ended else None

    def _meeting_at_end(self, run: int) -> tuple[int, int] | None:
        """The longest rest of `old`, shorter than `run`, that stands in `new` (at its end, unless lines may follow).
        """
        old, new = self.old.items, self.new.items
        for size in range(min(run - 1, len(old)), 0, -1):
            rest = old[-size:]
            places = range(len(new) - size + 1) if self.open_end else [len(new) - size] if self.new.ended else []
            for at in places:
                if at >= 0 and new[at : at + size] == rest:
                    return len(old) - size, at
        return None

    def _ends(self) -> tuple[int, int]:
        """Nothing in common any more: all of both; of an open end only as many new lines as there were old ones."""
        old, new = len(self.old.items), len(self.new.items)
        return (old, min(old, new)) if self.open_end and self.old.ended else (old, new)


class _Window:
    """The next tags of a stream, and the line number of the first of them."""

    def __init__(self, stream: Iterable[bytes]):
        self._stream = iter(stream)
        self.items: list[bytes] = []
        self.line = 1
        self.ended = False

    def fill(self, size: int) -> int:
        missing = size - len(self.items)
        if missing > 0 and not self.ended:
            more = list(islice(self._stream, missing))
            self.ended = len(more) < missing
            self.items += more
        return len(self.items)

    def drop(self, count: int) -> None:
        del self.items[:count]
        self.line += count


def _join_moves(found: list[tuple[LineChange, bytes]], after: dict[bytes, int]) -> list[LineChange]:
    """A line deleted here and inserted far away moved."""
    inserted = defaultdict(deque)
    for index, (change, tag) in enumerate(found):
        if change.kind == INSERTED and change.count == 1:
            inserted[tag].append(index)
    gone, result = set(), []
    for index, (change, tag) in enumerate(found):
        if change.kind == DELETED and change.count == 1 and inserted.get(tag):
            twin = inserted[tag].popleft()
            gone.add(twin)
            found[index] = (LineChange(MOVED, change.old, found[twin][0].new), tag)
        elif change.kind == DELETED and change.count == 1 and tag in after:
            found[index] = (LineChange(MOVED, change.old, after.pop(tag)), tag)
    for index, (change, _tag) in enumerate(found):
        if index not in gone:
            result.append(change)
    return result


def _merge(changes_: list[LineChange]) -> list[LineChange]:
    """Neighbours of one kind become one entry with a count."""
    result: list[LineChange] = []
    for change in changes_:
        last = result[-1] if result else None
        if last and last.kind == change.kind and _follows(last, change):
            result[-1] = LineChange(last.kind, last.old, last.new, last.count + change.count)
        else:
            result.append(change)
    return result


def _follows(last: LineChange, change: LineChange) -> bool:
    old = change.old == last.old + last.count if last.old else not change.old
    new = change.new == last.new + last.count if last.new else not change.new
    return old and new


def compare(old: Sequence[bytes], new: Sequence[bytes], first_old: int = 1, first_new: int = 1) -> list[LineChange]:
    """What turned the tags `old` into `new`; empty when they are equal."""
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    old, new = old[start : len(old) - tail], new[start : len(new) - tail]
    first_old, first_new = first_old + start, first_new + start
    if not old and not new:
        return []
    if not old and len(new) > LIMIT:
        return [LineChange(INSERTED, 0, first_new, len(new))]
    if not new and len(old) > LIMIT:
        return [LineChange(DELETED, first_old, 0, len(old))]
    if len(old) > LIMIT or len(new) > LIMIT:
        return [LineChange(BLOCK, first_old, first_new, max(len(old), len(new)))]
    removed, added, changed = _align(old, new)
    moved = _moves(old, new, removed, added)
    changes = (
        [LineChange(MOVED, first_old + a, first_new + b) for a, b in moved]
        + [LineChange(CHANGED, first_old + a, first_new + b) for a, b in changed]
        + [LineChange(DELETED, first_old + a, 0) for a in removed]
        + [LineChange(INSERTED, 0, first_new + b) for b in added]
    )
    return sorted(changes, key=lambda change: (change.new or change.old, change.kind))


def _common(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    count = 0
    for a, b in zip(old, new):
        if a != b:
            break
        count += 1
    return count


def _align(old, new) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Indexes removed, added, and pairs that stand in the same place with another content."""
    removed: list[int] = []
    added: list[int] = []
    changed: list[tuple[int, int]] = []
    there = Counter(new)
    before = Counter(old)
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        # a line that is found elsewhere on the other side moved; it is not the changed form of its neighbour
        lost = [a for a in range(a1, a2) if not there[old[a]]]
        fresh = [b for b in range(b1, b2) if not before[new[b]]]
        pairs = list(zip(lost, fresh))
        changed += pairs
        used_a, used_b = {a for a, _b in pairs}, {b for _a, b in pairs}
        removed += [a for a in range(a1, a2) if a not in used_a]
        added += [b for b in range(b1, b2) if b not in used_b]
    return removed, added, changed


def _moves(old, new, removed: list[int], added: list[int]) -> list[tuple[int, int]]:
    """Takes out of `removed` and `added` what is the same line in another place."""
    where: dict[bytes, deque[int]] = defaultdict(deque)
    for b in added:
        where[new[b]].append(b)
    moved = []
    for a in list(removed):
        if where.get(old[a]):
            b = where[old[a]].popleft()
            moved.append((a, b))
            removed.remove(a)
            added.remove(b)
    return moved
