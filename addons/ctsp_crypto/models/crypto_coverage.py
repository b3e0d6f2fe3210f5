from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import envelope, naming
from ..tools.files import MARK, OVERHEAD


class CryptoCoverage(models.Model):
    """What is protected: of each model the rows with evidence, of each encrypted field the values that are ciphertext,
    of files those that lie encrypted in the file store. Counted on opening, a query for each table.
    """

    _name = "ctsp.crypto.coverage"
    _description = "Protection of Data"
    _inherit = ["ctsp.export.mixin"]
    _order = "kind, model, field_name"
    _log_access = False

    kind = fields.Selection(
        [("access", "Access Control"), ("integrity", "Integrity"), ("encryption", "Encryption"), ("files", "Files")],
        required=True, readonly=True)
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
            names = row.field_name.split(", ") if row.field_name else ()
            row.field_label = "、".join(self._label(model, name) for name in names) or self.env._("Attachments")

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
        self.create([*self._evidence(), *self._ciphertexts(), *self._files()])

    def _evidence(self):
        """Return a row for each protected model: rows there are, of these the ones with evidence, with a signature."""
        integrity = self.env["ctsp.integrity"]
        access = integrity._access_models()
        for name, protection in integrity._map().models.items():
            rows, covered, signed = self.env.execute_query(SQL(
                """SELECT count(*), count(e.res_id), count(e.signature)
                     FROM %s t LEFT JOIN (
                          SELECT DISTINCT ON (res_id) res_id, removed, signature FROM ctsp_integrity_entry
                           WHERE model = %s AND res_id > 0 ORDER BY res_id, revision DESC) e
                          ON e.res_id = t.id AND NOT e.removed
                    WHERE %s""", SQL.identifier(protection.table), name, protection.rows))[0]
            yield {
                "kind": "access" if name in access else "integrity", "model": name,
                "field_name": ", ".join(protection.names), "row_count": rows, "covered_count": covered,
                "signed_count": signed}

    def _ciphertexts(self):
        """Return a row for each encrypted field: rows with a value, of these the ones whose column holds ciphertext.
        What an older release left in clear, and an update has not encrypted yet, is a value without.
        """
        waiting = set(self.env.execute_query(SQL(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema AND starts_with(column_name, %s)", naming.clear(""))))
        for model in self.env["ctsp.encrypted.mixin"]._crypto_models():
            names, counts = list(model._encrypted_names), []
            for name in names:
                column, clear = SQL.identifier(name), naming.clear(name)
                held = SQL("%s IS NOT NULL", column)
                sealed = SQL("octet_length(%s) > %s AND substring(%s FROM 1 FOR 1) = %s",
                             column, envelope.HEAD + OVERHEAD - 1, column, envelope.FORMAT)
                if (model._table, clear) in waiting:
                    held = SQL("(%s OR %s IS NOT NULL)", held, SQL.identifier(clear))
                counts += [SQL("count(*) FILTER (WHERE %s)", held), SQL("count(*) FILTER (WHERE %s)", sealed)]
            counted = iter(self.env.execute_query(SQL(
                "SELECT %s FROM %s", SQL(", ").join(counts), SQL.identifier(model._table)))[0])
            for name in names:
                yield {"kind": "encryption", "model": model._name, "field_name": name, "row_count": next(counted),
                       "covered_count": next(counted)}

    def _files(self):
        """Return a row for each kind of record, and field, whose files must lie encrypted: photos, papers, attachments.
        An encrypted file has a name that none in clear has, and no content in the database.
        """
        files = self.env["ir.attachment"]
        for model, name, rows, covered in self.env.execute_query(SQL(
                """SELECT res_model, res_field, count(*),
                          count(*) FILTER (WHERE db_datas IS NULL AND starts_with(store_fname, %s))
                     FROM ir_attachment
                    WHERE type = 'binary' AND res_model IS NOT NULL AND (db_datas IS NOT NULL OR store_fname <> '')
                    GROUP BY res_model, res_field""", MARK)):
            if files._is_file_sealed(model):
                yield {"kind": "files", "model": model, "field_name": name, "row_count": rows, "covered_count": covered}
