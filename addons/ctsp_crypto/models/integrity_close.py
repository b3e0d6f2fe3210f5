from odoo import api, fields, models
from odoo.exceptions import UserError

from .integrity_issue import CHAINED


class IntegrityIssue(models.Model):
    """How a finding is handled. Nothing here makes altered data genuine: it stays a finding of each check until it is
    put right through the platform, or the backup is brought back.
    """

    _inherit = "ctsp.integrity.issue"

    def _close(self, outcome, reason):
        """Close findings, by whoever may: the data is looked at once more, and the log says who, how and why."""
        if any(row.state != "open" for row in self):
            raise UserError(self.env._("Some of these findings are handled already."))
        if any(row.model == "res.users" and row.res_id == self.env.uid for row in self):
            raise UserError(self.env._(
                "Findings about your own account are handled by another security administrator."))
        now = self._seen_now()
        for row in self:
            row._check_outcome(outcome, now)
        rows = self.sudo()  # superuser: nobody writes findings but this step
        if outcome == "restored":
            rows._set_gone()
        rows.write({"state": outcome, "reason": reason, "closed_by": self.env.uid, "closed_at": fields.Datetime.now()})
        self.env["ctsp.audit.port"]._log("integrity.handled", self, outcome=outcome, reason=reason, findings=[
            {"kind": row.kind, "model": row.model, "id": row.res_id, "field": row.field_name} for row in rows[:50]])

    def _check_outcome(self, outcome, now):
        """Refuse to call put right what is still found, and to take note of what is not what was found.

        :param now: what :meth:`_seen_now` says
        """
        there = now.get((self.model, self.res_id, self.kind, self.field_name or None)) if self._is_looked_at() else (
            set() if self.gone_on else {self.identity})
        if outcome == "restored" and there:
            raise UserError(self.env._(
                "“%(finding)s” is still found: put it right first, or have everything verified again.",
                finding=self.display_name))
        if outcome == "known" and self.identity not in (there or ()):
            raise UserError(self.env._(
                "“%(finding)s” is not what was found any more: close it as put right, or verify everything again.",
                finding=self.display_name))

    def _is_looked_at(self):
        """Return whether one look at the row says if the finding is still there; else the last verification does."""
        return self.kind not in CHAINED and self.model in self.env["ctsp.integrity"]._map().models and (
            self.field_name not in self.env["ctsp.integrity.verification"]._bare_ciphers().get(self.model, ()))

    def _seen_now(self):
        """Return ``{(model, id, kind, field): {identity}}`` of what is found in these rows now."""
        seen = {}
        for model, rows in self.filtered(IntegrityIssue._is_looked_at).grouped("model").items():
            for found in self.env["ctsp.integrity"].sudo()._check(model, set(rows.mapped("res_id"))):  # sudo: any row
                seen.setdefault((model, found.res_id, found.kind, found.name), set()).add(found.identity)
        return seen


class IntegrityClose(models.TransientModel):
    """The step with which the security administrator closes findings."""

    _name = "ctsp.integrity.close"
    _description = "Handle Findings"

    issue_ids = fields.Many2many(
        "ctsp.integrity.issue", string="Findings", default=lambda self: self._chosen())
    outcome = fields.Selection(
        [("restored", "Put right: the data is what it should be again"),
         ("known", "Acknowledged: known, and left as it is for now")], required=True)
    reason = fields.Text("What Was Found Out", required=True)

    @api.model
    def _chosen(self):
        context = self.env.context
        return context.get("active_ids") if context.get("active_model") == "ctsp.integrity.issue" else []

    def action_close(self):
        self.ensure_one()
        self.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say who it was, why, and what was done about it."))
        if not self.issue_ids:
            raise UserError(self.env._("Choose the findings that are to be closed."))
        self.issue_ids.check_access("read")
        self.issue_ids._close(self.outcome, self.reason.strip())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
