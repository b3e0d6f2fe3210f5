from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.bundles import ATTACHMENT
from .integrity_issue import CHAINED

VERIFICATION = "ctsp.integrity.verification"


class IntegrityIssue(models.Model):
    """How a finding is handled. Nothing here makes altered data genuine: it stays a finding of each check until it is
    put right through the platform, or the backup is brought back.
    """

    _inherit = "ctsp.integrity.issue"

    def _close(self, outcome, reason):
        """Close findings, by whoever may: the data is looked at once more, and the log says who, how and why."""
        if any(row.state != "open" for row in self):
            raise UserError(self.env._("Some of these findings are handled already."))
        if any(row._is_about(self.env.user) for row in self):
            raise UserError(self.env._(
                "Findings about your own account are handled by another security administrator."))
        now = self._found_now()
        for row in self:
            row._check_outcome(outcome, now[row.id])
        rows = self.sudo()  # superuser: nobody writes findings but this step
        if outcome == "restored":
            rows._set_gone()
        rows.write({"state": outcome, "reason": reason, "closed_by": self.env.uid, "closed_at": fields.Datetime.now()})
        self.env["ctsp.audit.port"]._log("integrity.handled", self, outcome=outcome, reason=reason, findings=[
            {"kind": row.kind, "model": row.model, "id": row.res_id, "field": row.field_name} for row in rows[:50]])

    def _is_about(self, user):
        """Return whether a finding is about an account, or about what belongs to it: certificates, keys, sessions."""
        if self.model == "res.users":
            return self.res_id == user.id
        model = self.env.get(self.model)
        field = model._fields.get("user_id") if model is not None and self.res_id else None
        if field is None or field.comodel_name != "res.users":
            return False
        return model.sudo().browse(self.res_id).exists().user_id == user  # sudo: whose it is, whoever asks

    def _check_outcome(self, outcome, there):
        """Refuse to call put right what is still found, and to take note of what is not what was found. Of what a
        verification did not find any more, since it was changed once more, one may take note.

        :param there: what :meth:`_found_now` says of it
        """
        if outcome == "restored" and there:
            raise UserError(self.env._(
                "“%(finding)s” is still found: put it right first, or have everything verified again.",
                finding=self.display_name))
        if outcome == "known" and self.identity not in there and not self.gone_on:
            raise UserError(self.env._(
                "“%(finding)s” is not what was found any more: close it as put right, or verify everything again.",
                finding=self.display_name))

    def _found_now(self):
        """Return ``{number: identities of what is found in its place now}``: by a look at the rows, where one look says
        it; of the chain and of ciphertexts without evidence what the last verification said.
        """
        mapped, cells = self.env["ctsp.integrity"]._map().models, self.env[VERIFICATION]._bare_ciphers()
        looked_at = self.filtered(lambda row: row.kind not in CHAINED and row.model in mapped
                                  and row.field_name not in cells.get(row.model, ()))
        seen = {}
        for model, rows in looked_at.grouped("model").items():
            for found in self.env["ctsp.integrity"].sudo()._check(model, set(rows.mapped("res_id"))):  # sudo: any row
                seen.setdefault(found.place, set()).add(found.identity)
        return {row.id: set() if row.gone_on else {row.identity} for row in self} | {
            row.id: seen.get(row._place(), set()) for row in looked_at}


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
    about_pages = fields.Boolean(compute="_compute_about_pages")
    compiles_anew = fields.Boolean(
        "Compile Pages Anew", help="The scripts and styles of all pages are compiled anew from the program's files, "
        "under new addresses: no browser goes on with altered ones.")

    @api.depends("issue_ids")
    def _compute_about_pages(self):
        for step in self:
            step.about_pages = ATTACHMENT in step.issue_ids.mapped("model")

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
        if self.compiles_anew and self.about_pages:
            self.env["ir.attachment"]._make_bundles_anew()
        self.issue_ids._close(self.outcome, self.reason.strip())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
