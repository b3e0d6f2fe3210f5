import io
import uuid
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.ctsp_base.tools import file_kinds
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import room
from ..tools.by_hand import ByHand, screen


class DatasetFile(models.Model):
    """A file that a person of an institution sends on the desk, where a program would call the open interface.

    A draft is checked as often as its people want (a submission kept apart as a test, nothing is applied) and sent
    once: then it is received like anything a program sends, with the same checks, receipt and report. The row is their
    working aid and goes after ``dataset.test_days``; the submission is what stays.
    """

    _name = "ctsp.dataset.file"
    _description = "File to Report"
    _inherit = ["ctsp.file.mixin", "ctsp.job.mixin"]
    _order = "id desc"
    _desk_fields = ("dataset_id", "file_name", "data")
    _desk_states = ("draft",)
    _desk_hidden = ("job_error", "job_attempts", "address")

    dataset_id = fields.Many2one("ctsp.dataset", required=True, index=True, ondelete="restrict",
                                 domain=[("by_hand", "=", True), ("current_id", "!=", False)])
    template_url = fields.Char("Template", compute="_compute_template_url")
    state = fields.Selection(
        [("draft", "Not Sent Yet"), ("working", "Being Checked"), ("sent", "Sent")], required=True, readonly=True,
        default="draft", copy=False, index=True)
    task = fields.Selection([("check", "Check Only"), ("send", "Send")], readonly=True, copy=False)
    is_again = fields.Boolean("Sent All the Same", readonly=True, copy=False)
    error = fields.Text("What Went Wrong", readonly=True, copy=False)
    address = fields.Char("From Address", readonly=True, copy=False)
    check_id = fields.Many2one("ctsp.dataset.submission", "Last Check", readonly=True, copy=False,
                               index="btree_not_null", ondelete="set null")
    submission_id = fields.Many2one("ctsp.dataset.submission", "Receipt", readonly=True, copy=False,
                                    index="btree_not_null", ondelete="set null")
    same_id = fields.Many2one("ctsp.dataset.submission", "Reported Before", readonly=True, copy=False,
                              index="btree_not_null", ondelete="set null")
    result = fields.Char(compute="_compute_result")
    percent = fields.Integer(compute="_compute_percent", aggregator=None)
    progress = fields.Char(compute="_compute_percent")

    @api.depends("dataset_id")
    def _compute_template_url(self):
        for file in self:
            version = file.dataset_id.current_id
            file.template_url = f"/ctsp/outside/dataset/{version.id}/template" if version else False

    @api.depends("check_id", "submission_id")
    def _compute_result(self):
        for file in self:
            found = file.submission_id or file.check_id
            file.result = found and self.env._(
                "%(rows)s rows: %(accepted)s good, %(refused)s refused, %(warnings)s warnings", rows=found.rows,
                accepted=found.accepted, refused=found.refused, warnings=found.warnings)

    @api.depends("state")
    def _compute_percent(self):
        for file in self:
            bar = file._bars()[:1]
            file.percent, file.progress = bar.percent, bar.message

    def _bars(self):
        """Return the progress of the work on the file that goes on; none for one that is being made."""
        # sudo: share users have no right on progress; that of an own file is theirs
        return self.env["ctsp.progress"].sudo().search([
            ("res_model", "=", self._name), ("res_id", "=", self._origin.id), ("state", "=", "running")])

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"data", "dataset_id"}:
            # sudo: the platform's own words about what was in its place
            self.sudo().write({"check_id": False, "same_id": False, "error": False})
        return result

    # ---- what people do

    def action_check(self):
        """Have the file checked; nothing is written into the registry."""
        return self._begin("check")

    def action_send(self):
        """Report the file, unless its very content was reported before: then that is told first."""
        return self._begin("send")

    def action_send_again(self):
        """Report the file though its content was reported before."""
        return self._begin("send", True)

    def action_stop(self):
        """Stop the work on the file."""
        self.ensure_one()
        self.check_access("read")
        self._bars().is_cancel_requested = True
        self.sudo()._job_cancel()  # the queue is the platform's; the file is the reader's own

    def action_open_result(self):
        """Open what came of the file."""
        self.ensure_one()
        self.check_access("read")
        return (self.submission_id or self.check_id)._open()

    def _open(self):
        return screen(self.env, "ctsp_dataset.ctsp_dataset_file_action_desk", self)

    # ---- what the platform does

    def _begin(self, task, again=False):
        """Do it at once, or have it done in the background; return the action that shows what came of it."""
        self.ensure_one()
        self.check_access("write")
        dataset = self.dataset_id
        if not dataset.by_hand or not dataset.current_id:
            raise UserError(self.env._("“%(dataset)s” is not sent as a file any more.", dataset=dataset.name))
        # two people at once: the later one is tried again, and sees what the first one did
        self.env["ctsp.exchange.nonce"].sudo()._take_turn(f"desk file {self.owner_partner_id.id} {dataset.id}")
        if task == "send" and not again and (twin := self._twin()):
            raise UserError(self.env._(
                "“%(file)s” has the same content and is being sent by %(person)s at this moment.",
                file=twin.file_name, person=twin.sudo().user_id.name))  # sudo: a colleague's name
        whole = self.with_user(SUPERUSER_ID)  # as for a program: what is made has one author
        whole.write({
            "task": task, "is_again": again, "error": False, "user_id": self.env.uid,
            "address": request.httprequest.remote_addr if request else False})
        if whole._is_small() and whole._enters():
            received = whole._receive()
            return received and received.with_user(self.env.user)._open()
        whole.state = "working"
        self._job_start(background=True)
        return None

    def _enters(self):
        """Take one of the places for what is received; where all are taken, the file waits in the queue."""
        cr = self.env.cr
        return room.enter(cr, room.ALL, room.places()) and room.enter(cr, self.owner_partner_id.id, room.own_places())

    def _receive(self, seen=None):
        """Make the submission; return it, empty when nothing could be made. Superuser."""
        submissions = self.env["ctsp.dataset.submission"]
        if self.task == "send" and not self.is_again and (same := self._same()):
            self.write({"state": "draft", "same_id": same.id})
            return submissions
        hand = ByHand(self.task == "check", {
            "channel": "desk", "person_id": self.user_id.id, "desk_file_id": self.id}, seen, self._check_quota)
        stream = io.BytesIO(self._content())
        if seen:
            hand.seen = lambda rows: seen(rows, stream)
        try:
            with self.env.cr.savepoint():
                self._check_quota()
                received, _again = submissions._receive(
                    self.dataset_id.current_id, self.owner_partner_id, f"desk-{uuid.uuid4().hex}", stream,
                    file_kinds.extension(self.file_name), self.digest, self.size, None, self.address, hand)
        except Refused as refusal:
            self.write({"state": "draft", "error": refusal.message})
            return submissions
        if hand.is_test:
            self.write({"state": "draft", "check_id": received.id})
        else:
            self.write({"state": "sent", "submission_id": received.id, "same_id": False})
        self.env["ctsp.audit.port"].with_user(self.user_id)._log(
            f"dataset.{self.task}", received, number=received.number, rows=received.rows)
        return received

    def _twin(self):
        """Return a file of the same content that is under way."""
        return self.search([
            ("owner_partner_id", "=", self.owner_partner_id.id), ("dataset_id", "=", self.dataset_id.id),
            ("id", "!=", self.id), ("state", "=", "working"), ("task", "=", "send"), ("digest", "=", self.digest)],
            limit=1)

    def _same(self):
        """Return what was reported with this very content before."""
        return self.env["ctsp.dataset.submission"].search([
            ("partner_id", "=", self.owner_partner_id.id), ("dataset_id", "=", self.dataset_id.id),
            ("is_test", "=", False), ("digest", "=", self.digest)], limit=1)

    @api.autovacuum
    def _gc_files(self):
        """Throw away what was sent, and drafts that nobody touches."""
        limit = fields.Datetime.now() - timedelta(days=self.env["ctsp.parameter"]._get("dataset.test_days"))
        domain = [("state", "!=", "working"), ("write_date", "<", limit)]
        self.search(domain, limit=200).unlink()
        return 0, self.search_count(domain, limit=1)
