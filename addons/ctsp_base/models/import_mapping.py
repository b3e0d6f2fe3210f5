from odoo import api, fields, models


class ImportMapping(models.Model):
    """Which header fills which field. One is remembered for each user and data; others are saved under a name."""

    _name = "ctsp.import.mapping"
    _description = "Import Matching"
    _order = "res_model, name"

    name = fields.Char(required=True)
    res_model = fields.Char(required=True, index=True)
    data_name = fields.Char("Data", compute="_compute_data_name")
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, required=True, index=True)
    is_shared = fields.Boolean("Shared")
    is_automatic = fields.Boolean("Last Used", readonly=True)
    lines = fields.Json("Matching")  # [{"header": …, "field": …}]

    @api.depends("res_model")
    def _compute_data_name(self):
        names = {name: self.env["ir.model"]._get(name).sudo().name for name in set(self.mapped("res_model"))}
        for mapping in self:  # names of models are no secret
            mapping.data_name = names[mapping.res_model]

    @api.model
    def _automatic(self, res_model):
        return self.search([
            ("res_model", "=", res_model), ("user_id", "=", self.env.uid), ("is_automatic", "=", True)], limit=1)

    @api.model
    def _remember(self, job):
        """Keep the matching of ``job`` for the user's next file."""
        lines = self._lines_of(job)
        mapping = self._automatic(job.res_model)
        kept = [line for line in mapping.lines or [] if line["header"] not in {one["header"] for one in lines}]
        values = {"lines": (lines + kept)[:200]}
        if mapping:
            mapping.write(values)
        else:
            self.create(values | {"name": self.env._("Last used"), "res_model": job.res_model, "is_automatic": True})

    @api.model
    def _lines_of(self, job):
        return [{"header": column.header, "field": column.target_id.field_name} for column in job.column_ids
                if column.target_id]

    @api.model
    def _save_from(self, job):
        """Keep the matching of ``job`` under a name of its own."""
        return self.create({
            "name": self.env._("Matching of %(file)s", file=job.file_name or ""), "res_model": job.res_model,
            "lines": self._lines_of(job)})
