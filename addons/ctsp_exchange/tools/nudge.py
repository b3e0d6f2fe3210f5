"""Has messages dealt with soon after a commit: one thread for each process, database and direction.

What is due later is waited for by a timer; a scheduled action every minute is there for processes that died. Leases in
the database keep threads of several processes apart (models/exchange_pump.py).
"""
import logging
import threading

import psycopg2

from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

from . import pump

_logger = logging.getLogger(__name__)
LONGEST = 60.0  # seconds a timer waits: the scheduled action comes by then
MARGIN = 0.02  # seconds after what is due

_running: dict[tuple[str, str], bool] = {}  # → asked for again meanwhile
_timers: dict[tuple[str, str], threading.Timer] = {}
_lock = threading.Lock()


def after_commit(cr, direction: str) -> None:
    """Have messages of ``direction`` dealt with once the transaction of ``cr`` has been committed."""
    mark = f"ctsp_exchange.{direction}"
    if module.current_test or config["stop_after_init"] or cr.precommit.data.get(mark):
        return
    cr.precommit.data[mark] = True
    cr.postcommit.add(lambda name=cr.dbname: start(name, direction))


def start(name: str, direction: str) -> None:
    """Have a thread of this process look for messages now; if one is at it, have it look once more."""
    if module.current_test or _ending():
        return
    with _lock:
        if (name, direction) in _running:
            _running[name, direction] = True
            return
        _running[name, direction] = False
    threading.Thread(target=_work, args=(name, direction), name=f"ctsp.exchange.{direction}", daemon=True).start()


def _work(name, direction):
    threading.current_thread().dbname = name  # for the log
    due, more = None, True
    while more:
        with _lock:
            _running[name, direction] = False
        try:
            due = pump.RUN[direction](Registry(name).check_signaling(), _ending)
        except psycopg2.Error as error:  # the database is being restarted or dropped
            _logger.info("Messages wait for the next minute: %s", error)
        except Exception:
            _logger.exception("Messages wait for the next minute")
        with _lock:
            more = _running[name, direction] and not _ending()
            if not more:
                del _running[name, direction]
    if due is not None and due < LONGEST and not _ending():
        _wait(name, direction, due + MARGIN)


def _wait(name, direction, seconds):
    timer = threading.Timer(seconds, start, (name, direction))
    timer.daemon = True
    with _lock:
        old, _timers[name, direction] = _timers.get((name, direction)), timer
    if old:
        old.cancel()
    timer.start()


def _ending():
    return bool(getattr(server.server, "quit_signals_received", 0))
