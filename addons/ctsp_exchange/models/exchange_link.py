from odoo import fields, models


class ExchangeLink(models.Model):
    """A record that a message is about. Written by the engine."""

    _name = "ctsp.exchange.link"
    _description = "Record of a Message"
    _log_access = False
    _rec_name = "res_name"

    message_id = fields.Many2one("ctsp.exchange.message", required=True, readonly=True, index=True, ondelete="cascade")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True, readonly=True)
    res_name = fields.Char("Record Name", readonly=True, index="trigram")

    _record_idx = models.Index("(res_model, res_id)")
    _link_unique = models.UniqueIndex("(message_id, res_model, res_id)")

    def action_open(self):
        """Open the record, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}
