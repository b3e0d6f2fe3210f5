"""Key rings: one for each database and process with what is committed, one for a transaction that changes keys.

A key that a transaction made must not encrypt anything outside of it: if it is rolled back the key never was. So who
changes keys works on a ring of its own, which believes the database alone, until the transaction ends.
"""
import os
import weakref
from contextlib import contextmanager

from ctsp_crypto.keys import Keyring

from . import machine
from .store import DatabaseStore

ALWAYS_READ = -1.0

_shared: dict[str, Keyring] = {}
_seen: dict[str, object] = {}  # by database: the generation of keys that its ring has read
_own: "weakref.WeakKeyDictionary[object, Keyring]" = weakref.WeakKeyDictionary()  # by cursor; its own cache is emptied
os.register_at_fork(after_in_child=_shared.clear)


@contextmanager
def opened(cr, generation=None):
    """Give the ring for the transaction of ``cr``.

    :param generation: an object that is another one once keys were changed, by whichever process
    """
    ring = _own.get(cr) or _shared.get(cr.dbname)
    if ring is None:
        ring = _shared[cr.dbname] = Keyring(machine.root(), DatabaseStore(), machine.providers())
    if generation is not None and _seen.get(cr.dbname) is not generation:
        ring.refresh()
        _seen[cr.dbname] = generation
    with ring.store.at(cr):
        yield ring


@contextmanager
def changing(cr):
    """Give a ring for changing keys; what it makes is known to this transaction alone until it is committed."""
    ring = _own.get(cr)
    if ring is None:
        ring = _own[cr] = Keyring(machine.root(), DatabaseStore(), machine.providers(), max_age=ALWAYS_READ)
        cr.postcommit.add(lambda: _ended(cr, refresh=True))
        cr.postrollback.add(lambda: _ended(cr))
    with ring.store.at(cr):
        yield ring


def forget(dbname):
    """Drop what this process knows of the keys of a database."""
    for cr in [cr for cr in list(_own) if cr.dbname == dbname]:
        _own.pop(cr).forget()
    if ring := _shared.pop(dbname, None):
        ring.forget()


def refresh(dbname):
    """Have the keys of a database read again at their next use."""
    if ring := _shared.get(dbname):
        ring.refresh()


def _ended(cr, refresh=False):
    if ring := _own.pop(cr, None):
        ring.forget()
    if refresh and cr.dbname in _shared:
        _shared[cr.dbname].refresh()
