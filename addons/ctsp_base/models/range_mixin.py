import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as CONFLICTS
from odoo.tools import SQL

from ..tools.defaults import without_defaults
from ..tools.language import in_record_language
from .progress import ProgressCancelled

AT_ONCE = 1200  # seconds of one run; then others get their turn
TRIES = 8  # of a range that met somebody who wrote the same rows
ATTEMPTS = 5  # a range at which the process died so often is given up
OPEN = ("queued", "running")
END = "."  # in place of the name of a model: no table is left


class RangeMixin(models.AbstractModel):
    """Work over more rows than one transaction should hold, done range by range, each committed by itself.

    A record is its work and knows how far it came: what is interrupted goes on there, and is given up after five deaths
    at one place. A class declares ``state`` (a first one of its own, ``queued``, ``running``, ``failed``, and how it
    ends), and a scheduled action of its own that calls :meth:`_cron_run`. People write only what they ask for; the
    course is the engine's.
    """

    _name = "ctsp.range.mixin"
    _description = "Work in Ranges"

    _range_asked = frozenset()  # fields that people fill in before it starts
    _range_first = "waiting"  # the state in which they may
    _range_cron = None  # external identifier of the scheduled action

    user_id = fields.Many2one(
        "res.users", "Asked For By", readonly=True, default=lambda self: self.env.user, index=True)
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    model_position = fields.Char("At", readonly=True)
    row_position = fields.Integer("At Row", readonly=True, aggregator=None)
    row_total = fields.Integer("Rows", readonly=True, aggregator=None)
    row_count = fields.Integer("Rows Done", readonly=True, aggregator=None)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    attempts = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)

    @api.depends("row_count", "row_total", "date_end")
    def _compute_progress(self):
        for one in self:
            share = 100.0 * one.row_count / one.row_total if one.row_total else 0.0
            one.progress = 100.0 if one.date_end else min(share, 99.0)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        if any(vals.keys() - self._range_asked for vals in vals_list):
            self._refuse_course()
        return super(RangeMixin, without_defaults(self)).create(vals_list)

    def write(self, vals):
        if not self.env.su and (vals.keys() - self._range_asked or any(one.state != self._range_first for one in self)):
            self._refuse_course()
        return super().write(vals)

    def _refuse_course(self):
        raise AccessError(self.env._(
            "“%(what)s”: course and result are written by the platform alone.",
            what=self.env["ir.model"]._get(self._name).sudo().name))  # sudo: the name of a model

    # ---- hooks

    def _range_title(self):
        """Return what the progress bar shows."""
        return self.display_name

    def _range_size(self):
        """Return the number of rows there are to do."""
        return 0

    def _range_steps(self):
        """Do the work from where it stands; yield the number of rows of each range, when it may be committed.

        What the generator writes before it yields must say where it goes on.
        """
        raise NotImplementedError

    def _range_failed(self, message):
        """Called when the work could not go on (:class:`UserError`) or was given up; not when somebody stopped it."""

    # ---- the engine

    def _range_enqueue(self):
        """Queue it for the scheduled action."""
        one = self.sudo()  # superuser: state and progress are the engine's
        one.write({"state": "queued", "error": False, "row_total": one._range_size()})
        one.with_user(one.user_id).env["ctsp.progress"]._wait(one._range_title(), one)
        self.env.ref(self._range_cron).sudo()._trigger()

    def _range_over(self, models_, step):
        """Work through the tables of models, a range at once; yield the rows of each.

        :param models_: names of models in a fixed order
        :param step: ``step(model, after)`` does the rows that follow the identifier ``after`` and returns their number
            and the last identifier, None when nothing comes after
        """
        model = self.model_position or next(iter(models_), END)
        while model != END:
            count, last = step(model, self.row_position)
            if last is None:
                model = next(iter(models_[models_.index(model) + 1:]), END) if model in models_ else END
            self.write({"model_position": model, "row_position": last or 0, "row_count": self.row_count + count})
            yield count

    @api.model
    def _range_rows(self, models_):
        """Return how many rows the tables of models have."""
        if not models_:
            return 0
        counts = [SQL("(SELECT count(*) FROM %s)", SQL.identifier(self.env[model]._table)) for model in models_]
        self.env.cr.execute(SQL("SELECT %s", SQL(" + ").join(counts)))
        return self.env.cr.fetchone()[0]

    @api.model
    def _cron_run(self):
        """Go on with what is asked for, oldest first. Called by the scheduled action only."""
        while one := self.search([("state", "in", OPEN)], order="id", limit=1):
            if not one._run():
                return  # time is up; the scheduled action is called again
        self.env["ir.cron"]._commit_progress(1, remaining=0)

    def _run(self):
        """Go on from where it stands, committing each range. Return whether it came to an end."""
        one = in_record_language(self.sudo())  # superuser: the engine works on all rows and writes the course
        if one.attempts >= ATTEMPTS:
            one._break_off(one.env._("Interrupted five times at the same place."))
            return True
        one.write({"state": "running", "date_start": one.date_start or fields.Datetime.now(),
                   "attempts": one.attempts + 1})
        cron, until = one.env["ir.cron"], time.monotonic() + AT_ONCE
        cron._commit_progress(1, remaining=1)  # the mark must be seen when this process dies
        try:
            progress = one.env["ctsp.progress"].with_user(one.user_id)
            with progress._open(one._range_title(), one.row_total, one) as bar:
                bar.done = one.row_count
                for rows in one._range_tried():
                    one.attempts = 0
                    cron._commit_progress(1, remaining=1)
                    bar.step(rows)
                    if time.monotonic() > until:
                        return False
        except ProgressCancelled as error:
            one._break_off(str(error), stopped=True)
        except UserError as error:
            one._break_off(str(error))
        return True

    def _range_tried(self):
        """Do the ranges; one that met another writer is done again from what is committed, as a request would be."""
        tries = 0
        while tries < TRIES:
            try:
                for rows in self._range_steps():
                    tries = 0
                    yield rows
            except CONFLICTS:
                tries += 1
                if tries == TRIES:
                    raise
                self.env.cr.rollback()
            else:
                return

    def _run_now(self):
        """Do all of it in this transaction: for small scopes and tests."""
        one = in_record_language(self.sudo())  # superuser: as above
        one.write({"state": "running", "date_start": one.date_start or fields.Datetime.now(),
                   "row_total": one.row_total or one._range_size()})
        for _rows in one._range_steps():
            one.env.flush_all()

    def _break_off(self, message, stopped=False):
        self.write({"state": "failed", "date_end": fields.Datetime.now(), "error": message})
        self.env["ctsp.progress"]._fail(self, message)
        if not stopped:
            self._range_failed(message)
