from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MAX_RECORDS = 500


class DocumentMake(models.TransientModel):
    """One paper of a type for each of many records, packed into a zip."""

    _name = "ctsp.document.make"
    _description = "Make Documents"

    res_model = fields.Char("Model", required=True, readonly=True)
    record_ids = fields.Json("Records", required=True, readonly=True)
    count = fields.Integer("Number of Records", compute="_compute_count")
    type_id = fields.Many2one("ctsp.document.type", required=True, ondelete="cascade")
    finalise = fields.Boolean("Finalise at Once", help="Each paper draws its number. Types to be signed stay drafts.")

    @api.depends("record_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.record_ids or [])

    @api.model
    def _for(self, records):
        """Return the action that asks for the type."""
        records.check_access("read")
        if not records or len(records) > MAX_RECORDS:
            raise UserError(self.env._("Choose 1 to %(limit)s records.", limit=MAX_RECORDS))
        wizard = self.create({
            "res_model": records._name, "record_ids": records.ids,
            "type_id": self.env["ctsp.document.type"].search([("res_model", "=", records._name)], limit=1).id})
        return {"type": "ir.actions.act_window", "name": self.env._("Make Documents"), "res_model": self._name,
                "res_id": wizard.id, "view_mode": "form", "views": [(False, "form")], "target": "new"}

    def action_make(self):
        """Make a draft for each record that lets the user, and pack them; refusals are listed in the package."""
        self.ensure_one()
        if self.res_model not in self.env["ctsp.document"]._traced_models():
            raise UserError(self.env._("These records have no documents."))
        made, refused = self.env["ctsp.document"], []
        for record in self.env[self.res_model].browse(self.record_ids).exists():
            try:
                with self.env.cr.savepoint():
                    made |= record._document_make(self.type_id.code)
            except (AccessError, UserError) as error:
                refused.append(f"{record.display_name}: {error}")
        if not made:
            raise UserError("\n".join(refused))
        return made.action_batch(
            finalise=self.finalise and not self.type_id.needs_signatures, title=self.type_id.name,
            failures="\n".join(refused))
