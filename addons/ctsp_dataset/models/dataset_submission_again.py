from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError, UserError

from .dataset_submission_apply import APPLY_AT_ONCE


class DatasetSubmission(models.Model):
    """What could not be written into the registry: told, and done again once the reason is gone; what was accepted,
    as a file."""

    _inherit = "ctsp.dataset.submission"

    def _tell(self):
        super()._tell()
        if self.is_test or self.applied not in ("done", "failed"):
            return
        key = f"dataset.apply:{self.dataset_id.id}:{self.partner_id.id}"
        if self.applied == "done":
            self.env["ctsp.risk.alert"]._resolve([key])
            return
        self.env["ctsp.risk.alert"]._raise([{
            "key": key, "record": self, "level": "warning", "source": "check", "detail": self.outcome,
            "name": f"{self.owner_partner_id.name}报送的“{self.dataset_id.name}”未能写入登记库（{self.number}）",
            "role_id": self.env.ref("ctsp_base.group_data_steward").id}])

    # ---- again

    def action_apply_again(self):
        """Have the registry take once more what it could not take."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("ctsp_base.group_data_steward"):
            raise AccessError(self.env._("Only data stewards have submissions applied again."))
        whole = self.with_user(SUPERUSER_ID)  # as the first time: what a program reported is no person's word
        whole.lock_for_update()
        if whole.is_test or whole.applied != "failed":
            raise UserError(self.env._("Only what could not be written into the registry is applied again."))
        if newer := whole._newer():
            raise UserError(self.env._(
                "“%(number)s” was reported later and is in the registry; older rows would take its place. Ask the "
                "institution to report again.", number=newer.number))
        self.env["ctsp.audit.port"]._log("dataset.apply", self, number=self.number)
        whole._apply_again()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _newer(self):
        """Return what was reported later to the same data set and is in the registry, or on its way there."""
        return self.search([
            ("partner_id", "=", self.partner_id.id), ("dataset_id", "=", self.dataset_id.id), ("is_test", "=", False),
            ("id", ">", self.id), ("applied", "in", ("queued", "done"))], limit=1)

    def _apply_again(self):
        """Begin anew: the portions that failed, a few rows at once, more in the background."""
        if failed := self.portion_ids.filtered("error"):
            failed.write({"error": False, "counts": False})
            self._wait_for(failed)
            return
        self._drop_later()
        self.link_ids.unlink()
        if self.accepted > APPLY_AT_ONCE:
            self._wait_for(self)
            return
        self._apply_now()
        self._tell()

    def _wait_for(self, jobs):
        self.write({"outcome": "数据已接收，正在更新登记库", "applied": "queued"})
        for job in jobs:
            job._job_start(background=True)

    # ---- what was accepted

    def action_accepted(self):
        """Download the rows that were accepted."""
        self._check_accepted()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/dataset/submission/{self.id}/accepted",
                "target": "download"}

    def _check_accepted(self):
        """:raise AccessError: the rows are not for the user"""
        self.ensure_one()
        self.check_access("read")
        self._check_kept()
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Accepted rows are handed out to the regulator."))
        definition = self.sudo().version_id._definition()  # sudo: what was frozen is read; reading was checked
        personal = any(item.personal for _path, item in definition.walk())
        if personal and not self.env.user.has_group("ctsp_base.group_personal_data"):
            raise AccessError(self.env._("These rows hold personal data, which you may not see in clear."))
        return definition
