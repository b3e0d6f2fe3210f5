from odoo import api, fields, models
from odoo.exceptions import UserError


class ArchiveReason(models.TransientModel):
    """The dialog that asks why records of a filed institution are archived or brought back."""

    _name = "ctsp.archive.reason"
    _description = "Reason of Archiving"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    archive = fields.Boolean(readonly=True)
    subject = fields.Char(string="For", compute="_compute_subject")
    reason = fields.Char("Reason of the Correction")

    @api.depends("res_model", "res_ids")
    def _compute_subject(self):
        for wizard in self:
            records = wizard._records()
            names = records[:3].mapped("display_name")
            rest = self.env._(" and others (%s)", len(records)) if records[3:] else ""
            wizard.subject = self.env._(", ").join(names) + rest

    def _records(self):
        """Return the records concerned, with the user's own rights; models without versions are refused."""
        self.ensure_one()
        if self.res_model not in self.env.registry.descendants(["ctsp.versioned.mixin"], "_inherit"):
            raise UserError(self.env._("Unknown model “%(model)s”.", model=self.res_model))
        return self.env[self.res_model].with_context(active_test=False).browse(self.res_ids or []).exists()

    @api.model
    def _for(self, records, archive):
        return self.create({"res_model": records._name, "res_ids": records.ids, "archive": archive})

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Archive") if self.archive else self.env._("Bring Back"),
            "res_model": self._name, "res_id": self.id, "view_mode": "form", "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Archive the records, or bring them back, with the reason given."""
        if not (self.reason or "").strip():
            raise UserError(self.env._("Reason of the Correction: say why; the version keeps it."))
        self._records().write({"active": not self.archive, "correction_reason": self.reason})
        return {"type": "ir.actions.act_window_close"}
