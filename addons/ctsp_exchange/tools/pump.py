"""What a thread does: claim, do, settle, each a short transaction of its own; HTTP outside of all of them."""
import logging
import random
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable

from . import client
from .errors import ExchangeError

_logger = logging.getLogger(__name__)
PARALLEL = 8  # requests under way at once in one process
LOOK = 0.2  # seconds between looks for new work while requests are under way
TRIES = 8  # of a transaction that met another one
CONFLICTS = (
    psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected, psycopg2.errors.LockNotAvailable)
OUTAGES = (CryptoUnavailable, psycopg2.OperationalError, psycopg2.InterfaceError, OSError)
"""something the platform stands on is away: no message is at fault, and the next one would fare no better"""
REST = 10.0  # seconds that received messages wait then


def transaction(registry, function):
    """Return ``function(env)``, run in a transaction of its own as superuser; again when it met another one."""
    for number in range(1, TRIES + 1):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env = api.Environment(cr, SUPERUSER_ID, {"lang": env.company.partner_id.lang or "zh_CN"})
                result = function(env)
        except CONFLICTS:
            registry.reset_changes()
            if number == TRIES:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**number))
        else:
            registry.signal_changes()  # caches that a handler made out of date, in all processes
            return result
    return None


def run_out(registry, ending):
    """Send what is due until nothing is. Return the seconds until something is due again, None for nothing."""
    flying, failed = {}, None
    with ThreadPoolExecutor(PARALLEL) as pool:
        while True:
            room = PARALLEL - len(flying)
            if room and not ending() and not failed:
                try:
                    for job in transaction(registry, lambda env, n=room: env["ctsp.exchange.pump"]._claim_out(n)):
                        flying[pool.submit(_ask, job)] = job
                except Exception as error:
                    _logger.info("Nothing more is sent until what is under way has been settled", exc_info=True)
                    failed = error
            if not flying:
                break
            for future in wait(flying, timeout=LOOK, return_when=FIRST_COMPLETED).done:
                _settle(registry, flying.pop(future), future.result())
    if failed:
        raise failed
    return transaction(registry, lambda env: env["ctsp.exchange.pump"]._due_in("out"))


def run_in(registry, ending):
    """Apply what came in until nothing is left. Returns as :func:`run_out`."""
    rest = 0.0
    while not ending() and not rest:
        claimed = transaction(registry, lambda env: env["ctsp.exchange.pump"]._claim_in())
        if not claimed:
            break
        rest = process(registry, *claimed)
    due = transaction(registry, lambda env: env["ctsp.exchange.pump"]._due_in("in"))
    return None if due is None else max(due, rest)


def process(registry, message, token):
    """Have a message applied and settled in one transaction; whatever goes wrong there is settled in another one.

    :return: seconds to wait with the next message
    """
    try:
        transaction(registry, lambda env: env["ctsp.exchange.pump"]._process(message, token))
    except CONFLICTS as error:
        _settle_failed(registry, message, token, error)
    except Exception as error:
        if not isinstance(error, (ExchangeError, UserError)):
            _logger.info("Message %s could not be applied", message, exc_info=True)
        try:
            _settle_failed(registry, message, token, error)
        except OUTAGES as outage:  # no receipt can be written now
            _settle_failed(registry, message, token, outage)
            return REST
        return REST if isinstance(error, OUTAGES) else 0.0
    return 0.0


def _settle(registry, job, outcome):
    """Write down what became of a request. What goes wrong here leaves that message's lease to run out, no more."""
    try:
        transaction(
            registry, lambda env: env["ctsp.exchange.pump"]._settle_out(job.message, job.token, outcome))
    except Exception:
        _logger.info("The outcome of message %s could not be written", job.message, exc_info=True)


def _settle_failed(registry, message, token, error):
    transaction(registry, lambda env: env["ctsp.exchange.pump"]._settle_in_failed(message, token, error))


def _ask(job):
    return job.outcome or client.ask(job.request)


RUN = {"out": run_out, "in": run_in}
