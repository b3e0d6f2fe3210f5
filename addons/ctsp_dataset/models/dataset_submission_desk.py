from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.by_hand import screen
from ..tools.readers import TABLES

DESK = "ctsp_dataset.ctsp_dataset_submission_action_desk"
MARKED_ROWS = 20_000
"""rows of a table that is handed back with what was found: it is made while the person waits. The report has no end"""


class DatasetSubmission(models.Model):
    """What a person sent on the desk: on from its result, to sending in earnest, or to a better file."""

    _inherit = "ctsp.dataset.submission"

    desk_file_id = fields.Many2one("ctsp.dataset.file", "File of the Desk", readonly=True, index="btree_not_null",
                                   ondelete="set null", groups=fields.NO_ACCESS)
    is_sendable = fields.Boolean("Can Be Sent", compute="_compute_is_sendable")
    is_marked = fields.Boolean("File with Findings", compute="_compute_is_marked")
    applied_percent = fields.Integer("Registry Updated (%)", compute="_compute_applied_percent", aggregator=None)

    @api.depends("is_test", "accepted")
    def _compute_is_sendable(self):
        """A check whose file is still there as it was checked, and has good rows."""
        for one in self:
            file = one.sudo().desk_file_id  # sudo: the file is the institution's, so is the submission
            one.is_sendable = bool(one.accepted) and file.state == "draft" and file.check_id == one

    @api.depends("finding_total", "swept_at")
    def _compute_is_marked(self):
        """A table with findings, not too long, whose file is still there as it was checked."""
        for one in self:
            file = one.sudo().desk_file_id  # sudo: as above
            one.is_marked = (
                bool(one.finding_total) and not one.swept_at and one.kind in TABLES and one.rows <= MARKED_ROWS
                and file.digest == one.digest)

    @api.depends("applied", "portion_ids.job_state")
    def _compute_applied_percent(self):
        for one in self:
            portions = one.sudo().portion_ids  # sudo: how far it is, nothing of what is in it
            done = portions.filtered(lambda portion: portion.job_state in ("done", "failed"))
            one.applied_percent = 100 * len(done) // len(portions) if portions else 0

    def action_send_checked(self):
        """Report in earnest what was only checked."""
        file = self._desk_file()
        if not file or not self.is_sendable:
            raise UserError(self.env._("The file was changed or sent since. Open it to send it."))
        return file.action_send() or file._open()

    def action_mend(self):
        """Open the file that was checked, to put a better one in its place; a new one where it was sent."""
        file = self._desk_file()
        draft = file.filtered(lambda one: one.state == "draft")
        return screen(self.env, "ctsp_dataset.ctsp_dataset_file_action_desk", draft,
                      default_dataset_id=self.dataset_id.id)

    def action_marked(self):
        """Download the table as it was sent, with what was found beside each row."""
        self._marked_file()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/outside/submission/{self.id}/marked",
                "target": "download"}

    def _marked_file(self):
        """Return the file; it holds what was sent in clear, and is for who sent it.

        :raise UserError: it is not there any more
        """
        file = self._desk_file()
        if not file or not self.is_marked:
            raise UserError(self.env._("The file was changed since, or is not kept any more. The report is."))
        file.check_access("read")
        return file

    def _desk_file(self):
        """Return the file it came of, with the rights of who asks."""
        self.ensure_one()
        self.check_access("read")
        files = self.env["ctsp.dataset.file"]
        files.check_access("read")
        return files.browse(self.sudo().desk_file_id.id)  # sudo: which one; it is read with the user's own rights

    def _tell(self):
        super()._tell()
        late = self.job_state != "idle" or self.portion_ids
        if self.channel == "desk" and late and self.applied in ("done", "failed"):
            self.env["ctsp.desk.notice"]._send(
                self, DESK, f"“{self.dataset_id.name}”报送已处理完毕（{self.number}）", self.outcome,
                "success" if self.applied == "done" else "warning")
