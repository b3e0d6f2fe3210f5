"""States and the transitions between them, as plain data: no ORM, no database.

A model declares one :class:`Workflow`; ``ctsp.workflow.mixin`` enforces it. Rows of ``ctsp.workflow.rule`` may disable
a transition or change who may make it. Nothing but code adds one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

CODE = re.compile(r"^[a-z][a-z0-9_]*$")
ACCESSES = ("write", "read")


@dataclass(frozen=True)
class Transition:
    """One allowed step.

    :param code: name of the step, e.g. ``approve``; hooks are ``_before_approve`` and ``_after_approve``
    :param sources: states it may start from
    :param target: state it leads to (may be one of the sources, for a step that is only recorded)
    :param label: source string or lazy translation of the button, e.g. ``_lt("Approve")``
    :param groups: full xml ids, any of which allows the step; empty: everybody who has ``access`` to the record
    :param needs_reason: the step is refused without a reason; the button asks for it
    :param access: right on the record the user must hold, ``write`` or ``read`` (a reviewer who may not edit)
    :param stamp: prefix of ``<stamp>_at`` / ``<stamp>_by`` fields that the step fills, when the model has them
    :param automatic: only code in superuser mode makes it (scheduled actions); never offered to a user
    """

    code: str
    sources: tuple[str, ...]
    target: str
    label: object = ""
    groups: tuple[str, ...] = ()
    needs_reason: bool = False
    access: str = "write"
    stamp: str = ""
    automatic: bool = False

    def __post_init__(self):
        if not CODE.match(self.code):
            raise ValueError(f"transition code {self.code!r} is not lower_snake_case")
        for name in ("sources", "groups"):
            if not isinstance(getattr(self, name), tuple):
                raise TypeError(f"{name} of transition {self.code!r} must be a tuple")
        if not self.sources:
            raise ValueError(f"transition {self.code!r} starts nowhere")
        if self.access not in ACCESSES:
            raise ValueError(f"transition {self.code!r}: access is one of {ACCESSES}")
        if any("." not in group for group in self.groups):
            raise ValueError(f"transition {self.code!r}: groups are full xml ids")


@dataclass(frozen=True)
class Workflow:
    """The states a record can be in and the steps between them.

    :param initial: state of every new record
    :param transitions: :class:`Transition` objects; every state must be reachable from ``initial``
    :param deletable: states in which a record may be deleted; default: the initial one only
    """

    initial: str
    transitions: tuple[Transition, ...]
    deletable: tuple[str, ...] | None = None
    _by_code: dict = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "transitions", tuple(self.transitions))
        for transition in self.transitions:
            if transition.code in self._by_code:
                raise ValueError(f"transition {transition.code!r} is declared twice")
            self._by_code[transition.code] = transition
        unreachable = self.states - self._reachable()
        if unreachable:
            raise ValueError(f"no transition leads to {', '.join(sorted(unreachable))}")
        if self.deletable is None:
            object.__setattr__(self, "deletable", (self.initial,))
        elif not set(self.deletable) <= self.states:
            raise ValueError("deletable names an unknown state")

    @property
    def states(self) -> frozenset[str]:
        """All states, wherever they are named."""
        named = {self.initial}
        for transition in self.transitions:
            named.update(transition.sources, (transition.target,))
        return frozenset(named)

    def _reachable(self) -> set[str]:
        reached, grown = set(), {self.initial}
        while grown - reached:
            reached |= grown
            grown = {step.target for step in self.transitions if reached & set(step.sources)}
        return reached

    def get(self, code: str) -> Transition | None:
        """Return the transition named ``code``, None when there is none."""
        return self._by_code.get(code)

    def leaving(self, state: str) -> Iterator[Transition]:
        """Yield the transitions that may start from ``state``, in the order of declaration."""
        return (step for step in self.transitions if state in step.sources)

    def extended(self, *transitions: Transition) -> "Workflow":
        """Return a workflow with more steps, for an addon that builds on another's model."""
        return Workflow(self.initial, self.transitions + transitions, self.deletable)


class Grant:
    """Leave to write one state on certain records once.

    A live Python object: no RPC, import or form can put one into a context.
    """

    __slots__ = ("ids", "model", "state")

    def __init__(self, records, state):
        self.model, self.ids, self.state = records._name, frozenset(records._ids), state

    def covers(self, records, state):
        return self.model == records._name and self.state == state and self.ids.issuperset(records._ids)
