from odoo import api, fields, models
from odoo.tools import SQL


class CryptoCoverage(models.Model):
    """What is protected: for each model its evidence, for each encrypted field its ciphertexts; counted on opening."""

    _name = "ctsp.crypto.coverage"
    _description = "Protection of Data"
    _inherit = ["ctsp.export.mixin"]
    _order = "kind, model, field_name"
    _log_access = False

    kind = fields.Selection(
        [("access", "Access Control"), ("integrity", "Integrity"), ("encryption", "Encryption")], required=True,
        readonly=True)
    model = fields.Char("Technical Name", required=True, readonly=True)
    model_label = fields.Char("Kind of Record", compute="_compute_labels")
    field_name = fields.Char("Columns", readonly=True)
    field_label = fields.Char("Fields", compute="_compute_labels")
    row_count = fields.Integer("Rows", readonly=True, aggregator="sum")
    covered_count = fields.Integer("Rows Protected", readonly=True, aggregator="sum")
    share = fields.Float("Share (%)", compute="_compute_share")
    signed_count = fields.Integer("Rows Signed", readonly=True, aggregator="sum")

    @api.depends("model", "field_name")
    def _compute_labels(self):
        for row in self:
            model = self.env.get(row.model)
            row.model_label = row.model if model is None else self.env["ctsp.integrity"]._model_label(row.model)
            row.field_label = "、".join(self._label(model, name) for name in (row.field_name or "").split(", "))

    @api.model
    def _label(self, model, name):
        """Return what people call a field: one that keeps another's content encrypted has the other's name."""
        if model is None or name not in model._fields:
            return name
        shown = getattr(model._fields[name], "replaces", None) or name
        return model._fields[shown]._description_string(self.env)

    @api.depends("row_count", "covered_count")
    def _compute_share(self):
        for row in self:
            row.share = 100.0 * row.covered_count / row.row_count if row.row_count else 100.0

    @api.model
    def action_open(self):
        """Count anew and open the list; the security administrator's menu."""
        self.check_access("read")
        self.sudo()._refresh()  # superuser: counts over all rows
        return self.env["ir.actions.act_window"]._for_xml_id("ctsp_crypto.ctsp_crypto_coverage_action")

    def _refresh(self):
        self.env.flush_all()
        self.search([]).unlink()
        self.create([*self._evidence(), *self._ciphertexts()])

    def _evidence(self):
        """Return a row for each protected model: rows there are, rows with evidence, rows with a signature."""
        self.env.cr.execute(SQL(
            """SELECT model, count(*) FILTER (WHERE NOT removed), count(*) FILTER (WHERE signature IS NOT NULL)
                 FROM (SELECT DISTINCT ON (model, res_id) model, removed, signature FROM ctsp_integrity_entry
                        WHERE res_id > 0 ORDER BY model, res_id, revision DESC) latest GROUP BY model"""))
        counted = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        integrity = self.env["ctsp.integrity"]
        access = integrity._access_models()
        for name, protection in integrity._map().models.items():
            covered, signed = counted.get(name, (0, 0))
            yield {
                "kind": "access" if name in access else "integrity", "model": name,
                "field_name": ", ".join(protection.names), "row_count": protection.count(self.env),
                "covered_count": covered, "signed_count": signed}

    def _ciphertexts(self):
        for model in self.env["ctsp.encrypted.mixin"]._crypto_models():
            for name, rows, _current in model._crypto_coverage():
                yield {"kind": "encryption", "model": model._name, "field_name": name, "row_count": rows,
                       "covered_count": rows}
