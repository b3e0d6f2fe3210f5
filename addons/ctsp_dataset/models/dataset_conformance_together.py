from odoo import models
from odoo.exceptions import UserError

from .dataset_conformance import TOGETHER
from .dataset_conformance_version import DESK

NAMED = 5


class DatasetConformance(models.Model):
    """Several data sets at once: one application of the institution, one sign-off, one word about each."""

    _inherit = "ctsp.dataset.conformance"

    def action_request_together(self):
        """Ask for the sign-off of what is chosen and passed, on the desk of all that is when nothing is."""
        chosen = self or (self.env.user.share and self.search([("progress", "=", "ready")])) or self
        return chosen._together("request", chosen.filtered(lambda one: one.progress == "ready"))

    def action_sign_together(self):
        """Sign off what is chosen and was asked for."""
        return self._together("sign", self.filtered(lambda one: one.progress == "requested"))

    def _together(self, code, fit):
        """Make a step on those that are ready for it; say how many were, and which were left out."""
        if not fit:
            raise UserError(self.env._(
                "Nothing of this can be asked for: all checks of a data set have to be passed first.")
                if code == "request" else self.env._("None of these was asked for."))
        fit.with_context(ctsp_together=TOGETHER).run_transition(code)
        # sudo: the platform tells; institutions write no notices
        for _owner, reports in fit.sudo().grouped("owner_partner_id").items():
            reports._tell_together(code)
        left = self - fit
        text = self.env._("%(number)s data sets: done.", number=len(fit))
        if left:
            text = self.env._("%(done)s Left out, as they are not ready: %(names)s.", done=text,
                              names=_named(left.sudo().dataset_id))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "message": text, "type": "warning" if left else "success",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    def _tell_together(self, code):
        """Tell one institution about all of its reports in one notice."""
        names = _named(self.dataset_id)
        if code == "request":
            self.env["ctsp.desk.notice"]._send(
                self[:1], DESK, f"{len(self)}个数据集对接测试已申请确认：{names}",
                "由监管机构的数据标准管理员确认或退回，结果在此告知。等待期间可继续测试。", own=True)
        else:
            self.env["ctsp.desk.notice"]._settle(self)
            self.env["ctsp.desk.notice"]._send(
                self[:1], DESK, f"{len(self)}个数据集对接测试已确认：{names}", "可申请这些数据集的正式密钥。",
                "success")


def _named(datasets):
    names = datasets.mapped("name")
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
