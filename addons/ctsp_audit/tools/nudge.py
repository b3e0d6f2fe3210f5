"""Wakes the sealer soon after a commit, at most once a second for each process and database."""
import logging
import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

_logger = logging.getLogger(__name__)
DELAY = 1.0  # seconds: what is committed meanwhile is sealed together

_waiting: set[str] = set()
_lock = threading.Lock()


def after_commit(cr):
    """Have the sealer woken once the transaction of ``cr`` has been committed."""
    if module.current_test or cr.precommit.data.get("ctsp_audit.nudged"):
        return
    if config["stop_after_init"]:
        return  # an installation that ends at once; the next start seals
    cr.precommit.data["ctsp_audit.nudged"] = True
    cr.postcommit.add(lambda name=cr.dbname: _start(name))


def _start(name):
    with _lock:
        if name in _waiting:
            return
        _waiting.add(name)
    timer = threading.Timer(DELAY, _wake, [name])
    timer.daemon = True
    timer.start()


def _wake(name):
    with _lock:
        _waiting.discard(name)
    if getattr(server.server, "quit_signals_received", 0):
        return  # connections are being closed; the next start seals
    try:
        with Registry(name).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if cron := env.ref("ctsp_audit.ir_cron_seal", raise_if_not_found=False):
                cron._trigger()
    except psycopg2.Error as error:  # the database is being dropped or restarted; the next minute's run seals
        _logger.info("The sealer was not woken: %s", error)
