import psycopg2

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import import_values as values_


class ImportJobUndo(models.Model):
    """Takes an import back: what nobody has touched since goes, the rest is reported."""

    _inherit = "ctsp.import.job"  # pylint: disable=consider-merging-classes-inherited; one file for each step

    def _refuse_undo(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("Only a finished import can be undone."))
        # another user's later import counts too, hence not limited to one's own
        later = self.sudo().search(
            [("res_model", "=", self.res_model), ("state", "=", "done"), ("imported_at", ">", self.imported_at)],
            order="imported_at desc", limit=1)
        if later:
            raise UserError(self.env._(
                "%(user)s imported this data again on %(date)s; only the last import can be undone.",
                user=later.user_id.name, date=later.imported_at))
        if not self.row_ids and (self.new_count or self.changed_count):
            raise UserError(self.env._("This import is too old: what it changed is no longer known."))

    def _execute_undo(self, progress):
        self._refuse_undo()
        model = self._target().with_context(active_test=False)
        rows = self.row_ids.filtered(lambda row: row.state in ("new", "changed"))
        rows = rows.sorted("res_id", reverse=True)  # rows that others of the file belong to were made before these
        progress.restart(len(rows))
        referred = self._referred(model, rows.filtered(lambda row: row.state == "new").mapped("res_id"))
        left = 0
        for row in rows:
            record = model.browse(row.res_id).exists()
            outcome, message = self._undo_row(row, record, row.res_id in referred)
            left += outcome == "kept"
            row.sudo().write({"undo_state": outcome, "undo_message": message})  # the result is the engine's
            progress.step()
        notice = left and self.env._("%(count)s rows could not be taken back; see the list.", count=left)
        self.sudo().write({"state": "undone", "notice": notice or False})  # the engine's fields
        port = self.env.get("ctsp.audit.port")
        if port is not None:
            port._log("import.undo", None, model=self.res_model, file=self.file_name, rows=len(rows), kept=left)

    def _referred(self, model, ids):
        """Return those of ``ids`` that other records refer to, parts that came and go with them left aside."""
        found = set()
        for other in self.env.registry.values():
            if other._abstract or not other._auto or other._transient:
                continue
            for field in other._fields.values():
                if field.type == "many2one" and field.store and field.comodel_name == model._name:
                    # every reference counts, also from what this user may not read
                    records = self.env[other._name].sudo().with_context(active_test=False)
                    domain = Domain(field.name, "in", ids) & self._counts_as_reference(model, records, field, ids)
                    found.update(record.id for record, in records._read_group(domain, [field.name]))
        return found

    def _counts_as_reference(self, model, records, field, ids):
        """Parts that would be deleted with a record count when they came after it; rows of this import never."""
        if records._name == model._name:
            return Domain("id", "not in", ids)
        if field.ondelete == "cascade" and records._log_access:
            return Domain("create_date", ">", self.imported_at)
        return Domain(field.ondelete != "cascade")

    def _undo_row(self, row, record, is_referred):
        """Return ``(outcome, message)``; outcome is ``removed``, ``archived``, ``restored`` or ``kept``."""
        if not record:
            return "kept", self.env._("The record does not exist any more.")
        touched = [name for name, (_old, new) in (row.changes or {}).items() if values_.stored(record, name) != new]
        if touched:
            labels = "、".join(record._fields[name]._description_string(self.env) for name in touched)
            return "kept", self.env._("Changed since the import: %(fields)s", fields=labels)
        try:
            if row.state == "changed":
                return self._undo_changed(row, record)
            return self._archive(record) if is_referred else self._undo_new(record)
        except (UserError, psycopg2.IntegrityError) as error:
            return "kept", str(error)

    def _undo_new(self, record):
        try:
            with self.env.cr.savepoint():
                record.unlink()
                self.env.flush_all()
            return "removed", False
        except (UserError, AccessError, psycopg2.IntegrityError):
            return self._archive(record)

    def _archive(self, record):
        """Something refers to the record, or deleting is not this user's right."""
        if "active" not in record._fields:
            return "kept", self.env._("Other records refer to it, or it may not be deleted.")
        with self.env.cr.savepoint():
            record.write({"active": False})
            self.env.flush_all()
        return "archived", self.env._("Other records refer to it, or it may not be deleted: archived.")

    def _undo_changed(self, row, record):
        with self.env.cr.savepoint():
            record.write({
                name: values_.writable(record._fields[name], old) for name, (old, _new) in row.changes.items()})
            self.env.flush_all()
        return "restored", False
