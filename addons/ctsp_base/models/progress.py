import logging
import time
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.background import background

_logger = logging.getLogger(__name__)

WRITE_INTERVAL = 0.5  # seconds between two writes of one job: at most two a second
STALE_MINUTES = 30
KEEP_DAYS = 7


class ProgressCancelled(UserError):
    """The user asked to stop; everything done so far is rolled back."""


class ProgressHandle:
    """What the ``with`` statement of :meth:`Progress._open` gives: counts steps and shows them twice a second."""

    def __init__(self, model, progress_id, total):
        self._model = model
        self._id = progress_id
        self.total = total
        self.done = 0
        self.message = None
        self.action = None
        self._shown_at = 0.0

    def step(self, n=1, message=None):
        """Count ``n`` more units; raise :class:`ProgressCancelled` when the user asked to stop."""
        self.done += n
        self.message = message or self.message
        now = time.monotonic()
        if now - self._shown_at >= WRITE_INTERVAL:
            self._shown_at = now
            self._show()

    def restart(self, total, message=None):
        """Begin another stage of the same work."""
        self.total, self.done, self._shown_at = total, 0, 0.0
        self.step(0, message)

    def result(self, action):
        """Offer ``action`` (an Odoo action as dict) to the user when the work is done."""
        self.action = action

    def _show(self):
        values = {"done": self.done, "total": self.total, "message": self.message}
        if self._model._publish(self._id, values):
            raise ProgressCancelled(self._model.env._("Stopped at your request; nothing was changed."))


class Progress(models.Model):
    """Work that takes longer than two seconds, as its owner sees it.

    Rows are written on a short cursor of their own, so that they are visible while the work's transaction is
    open and survive its rollback. They are a courtesy: work never fails because its progress cannot be shown.
    """

    _name = "ctsp.progress"
    _description = "Progress of Work"
    _rec_name = "title"
    _order = "id desc"

    title = fields.Char(required=True, readonly=True)
    total = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    percent = fields.Integer(compute="_compute_percent")
    message = fields.Char(readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")], default="running", required=True, index=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", required=True, index=True, readonly=True, ondelete="cascade")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    is_cancellable = fields.Boolean(readonly=True)
    is_cancel_requested = fields.Boolean(readonly=True)
    is_background = fields.Boolean(readonly=True)
    result_action = fields.Json(readonly=True)

    _reference_idx = models.Index("(res_model, res_id)")

    @api.depends("total", "done", "state")
    def _compute_percent(self):
        for row in self:
            share = 100 * row.done // row.total if row.total else 0
            row.percent = 100 if row.state == "done" else min(max(share, 0), 99)

    @api.model
    @contextmanager
    def _open(self, title, total, records=None, cancellable=True):
        """Show work of ``total`` units to the current user while the ``with`` block runs.

        :param records: the record the work is about; a row that waits for it (see :meth:`_wait`) is taken over
        :return: a :class:`ProgressHandle`
        """
        progress_id = self._begin({
            "title": title, "total": total, "done": 0, "message": False, "state": "running",
            "user_id": self.env.user.id, "is_cancellable": cancellable,
            "res_model": records._name if records else False, "res_id": records[:1].id if records else False,
        })
        handle = ProgressHandle(self, progress_id, total)
        try:
            yield handle
        except Exception as error:
            text = str(error) if isinstance(error, UserError) else self.env._("Internal error; see the server log.")
            self._publish(progress_id, {"state": "failed", "message": text[:500]})
            raise
        else:
            self._publish(progress_id, {
                "state": "done", "done": handle.total, "total": handle.total, "message": handle.message,
                "result_action": handle.action,
            })

    @api.model
    def _wait(self, title, records):
        """Show in the current transaction that work on ``records`` waits in the queue."""
        row = self.sudo().create({  # users may not write progress themselves
            "title": title, "user_id": self.env.user.id, "message": self.env._("Waiting in the queue"),
            "res_model": records._name, "res_id": records.id, "is_cancellable": True, "is_background": True,
        })
        row._notify()
        return row

    @api.model
    def _fail(self, records, message):
        """Close what still runs on ``records`` as failed."""
        rows = self.sudo().search([  # closing another user's row is the runner's business
            ("res_model", "=", records._name), ("res_id", "in", records.ids), ("state", "=", "running"),
        ])
        rows.write({"state": "failed", "message": message})
        rows._notify()

    @api.model
    def _begin(self, values):
        """Create or take over the row on an own cursor; return its id, ``None`` when it cannot be shown."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"lang": self.env.lang})
            if not env["res.users"].browse(values["user_id"]).exists():
                return None  # a user that only the open transaction knows: nobody could look anyway
            row = env[self._name]
            if values["res_id"]:
                row = row.search(
                    [("res_model", "=", values["res_model"]), ("res_id", "=", values["res_id"]),
                     ("state", "=", "running")], limit=1).try_lock_for_update()
            if row:
                row.write(values)
            else:
                row = row.create(values)
            row._notify()
            return row.id

    @api.model
    def _publish(self, progress_id, values):
        """Write ``values`` on an own cursor; return whether the user asked to stop."""
        if not progress_id:
            return False
        with self.env.registry.cursor() as cr:
            row = api.Environment(cr, api.SUPERUSER_ID, {})[self._name].browse(progress_id)
            row = row.try_lock_for_update()  # somebody presses "stop" right now: the next step sees it
            if not row:
                return False
            row.write(values)
            row._notify()
            return row.is_cancel_requested

    def _notify(self):
        """Push the rows to the web clients of their owners."""
        for row in self:
            row.user_id._bus_send("ctsp.progress", row._payload())

    def _payload(self):
        self.ensure_one()
        return {
            "id": self.id, "title": self.title, "percent": self.percent, "done": self.done, "total": self.total,
            "message": self.message or "", "state": self.state, "action": self.result_action or False,
            "background": self.is_background, "model": self.res_model, "record": self.res_id,
            "cancellable": self.is_cancellable and not self.is_cancel_requested,
        }

    @api.model
    @api.readonly
    @background
    def my_jobs(self):
        """Return what the current user has running, and what ended within the last hour."""
        recent = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        shown = Domain("state", "=", "running") | Domain([("is_background", "=", True), ("write_date", ">", recent)])
        rows = self.search(Domain("user_id", "=", self.env.uid) & shown, limit=20)
        return [row._payload() for row in rows]

    def action_cancel(self):
        """Ask the work to stop; the owner's right only."""
        self.check_access("read")
        own = self.filtered(lambda row: row.user_id == self.env.user and row.is_cancellable and row.state == "running")
        own.sudo().is_cancel_requested = True  # users hold no write right on progress
        own._drop_waiting()
        own._notify()

    def _drop_waiting(self):
        """Take work that has not begun out of the queue."""
        for row in self.filtered("res_model"):
            model = self.env.get(row.res_model)
            if model is not None and hasattr(model, "_job_cancel"):
                model.browse(row.res_id).exists()._job_cancel()

    @api.model
    def _cron_close_stale(self):
        """Close rows that nobody has touched for half an hour: their process is gone."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), minutes=STALE_MINUTES)
        rows = self.search([("state", "=", "running"), ("write_date", "<", limit)])
        rows = rows.filtered(lambda row: not row._is_waiting())
        rows.write({"state": "failed", "message": self.env._("Interrupted: the server stopped while it ran.")})
        rows._notify()

    def _is_waiting(self):
        model = self.env.get(self.res_model) if self.res_model else None
        record = model.browse(self.res_id).exists() if model is not None else None
        return bool(record) and "job_state" in record._fields and record.job_state in ("queued", "running")

    @api.autovacuum
    def _gc_progress(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("state", "!=", "running"), ("write_date", "<", limit)]).unlink()
