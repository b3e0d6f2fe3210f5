from odoo import api, fields, models


class CheckResult(models.Model):
    """What a check said about a record at its last run. Written by the engine only."""

    _name = "ctsp.check.result"
    _description = "Check Result"
    _order = "res_model, res_id, sequence, id"
    _rec_name = "message"

    check_id = fields.Many2one("ctsp.check", ondelete="cascade", index=True, readonly=True, groups="base.group_user")
    check_name = fields.Char(compute="_compute_check", compute_sudo=True)
    basis = fields.Char(compute="_compute_check", compute_sudo=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    field_name = fields.Char(string="Technical Field", readonly=True)
    field_label = fields.Char(string="Field", compute="_compute_field_label")
    message = fields.Char(readonly=True)
    level = fields.Selection([("blocking", "Blocking"), ("warning", "Warning")], readonly=True)
    passed = fields.Boolean(readonly=True)
    sequence = fields.Integer(readonly=True)
    owner_partner_id = fields.Many2one(
        "res.partner", string="Owner", index="btree_not_null", ondelete="cascade", readonly=True,
        help="The outside organisation whose users may read this result.")

    _record_idx = models.Index("(res_model, res_id)")
    _failed_idx = models.Index("(res_model, level) WHERE passed IS NOT TRUE")

    @api.depends("check_id")
    def _compute_check(self):
        for result in self:
            check = result.check_id
            result.check_name = check.name
            result.basis = " ".join(filter(None, (check.basis_document, check.basis_article)))

    @api.depends("res_model", "field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for result in self:
            model = self.env.get(result.res_model)
            field = model._fields.get(result.field_name) if model is not None else None
            result.field_label = field._description_string(self.env) if field else False

    @api.model
    def _replace(self, records, rows):
        """Replace the results of ``records`` by ``rows``.

        Superuser: nobody has write access to results; the engine is their only author.
        """
        results = self.sudo()
        results.search([("res_model", "=", records._name), ("res_id", "in", records.ids)]).unlink()
        owners = {}
        if "owner_partner_id" in records._fields:
            owners = {record.id: record.owner_partner_id.id for record in records.sudo()}
        return results.create([{**row, "owner_partner_id": owners.get(row["res_id"])} for row in rows])
