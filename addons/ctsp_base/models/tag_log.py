from odoo import api, fields, models


class TagLog(models.Model):
    """Who put which tag on which record, or took it off, and when. Append-only."""

    _name = "ctsp.tag.log"
    _inherit = ["ctsp.trace.mixin"]
    _description = "Tag Log"
    _rec_name = "tag_id"

    tag_id = fields.Many2one("ctsp.tag", required=True, readonly=True, index=True, ondelete="restrict")
    operation = fields.Selection([("add", "Added"), ("remove", "Taken Off")], required=True, readonly=True)
    record_name = fields.Char(compute="_compute_record_name")

    _record_idx = models.Index("(res_model, res_id, id)")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for name, logs in self.grouped("res_model").items():
            records = self.env[name].browse(logs.mapped("res_id")).exists() if name in self.env else ()
            names = {record.id: record.display_name for record in records}
            for log in logs:
                log.record_name = names.get(log.res_id, "")

    @api.model
    def _traced_models(self):
        return self.env["ctsp.tag"]._tagged_models()
