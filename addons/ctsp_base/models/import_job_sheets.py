import os

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import import_sheets
from ..tools.import_places import Place
from ..tools.import_resolver import RelationResolver

LIST_LIMIT = 500  # entries of a drop-down list


class ImportJobSheets(models.Model):
    """The workbooks an import hands out: template and error report."""

    _inherit = "ctsp.import.job"  # pylint: disable=consider-merging-classes-inherited; one file for each step

    def action_template(self):
        """Download the template of the chosen data."""
        self.ensure_one()
        self._target()
        return {"type": "ir.actions.act_url", "url": f"/ctsp/import/template/{self.res_model}", "target": "download"}

    def action_error_report(self):
        """Download the bad rows with their reasons; corrected, the file can be uploaded again."""
        self.ensure_one()
        self.check_access("read")
        if not self.bad_count:
            raise UserError(self.env._("There are no bad rows."))
        return {"type": "ir.actions.act_url", "url": f"/ctsp/import/{self.id}/errors", "target": "download"}

    @api.model
    def _template_file(self, res_model):
        """Return ``(file name, content)`` of the template for ``res_model``."""
        job = self.new({"res_model": res_model})
        model = job._target()
        title = dict(self._selection_models())[res_model]
        targets = [command[2] for command in self.env["ctsp.import.target"]._commands(model)]
        example = model._import_example()
        mark = self.env._("Example:")
        columns = [{
            "label": target["label"], "required": target["is_required"], "hint": target["hint"],
            "options": self._template_options(Place(model, target["field_name"])),
            "example": self._example(Place(model, target["field_name"]), example),
        } for target in targets]
        for column in columns[:1]:
            column["example"] = f"{mark}{column['example'] or ''}"
        words = {
            "notes": self.env._("How to Fill It In"), "lists": self.env._("Lists"), "field": self.env._("Field"),
            "required": self.env._("Required"), "yes": self.env._("Yes"), "how": self.env._("Content"),
            "intro": self.env._(
                "Fill in one record a row; columns marked * must be filled in. Do not merge cells. A row that begins "
                "with “Example:” is not imported. Columns you do not need may be deleted."),
        }
        suffix = self.env._("Import Template")
        return f"{title}_{suffix}.xlsx", import_sheets.template(title, columns, words)

    def _template_options(self, place):
        """Return what a cell may hold when that is a short list."""
        if place.field.type == "selection":
            return [label for _key, label in place.field._description_selection(self.env)]
        if place.field.type == "boolean":
            return [self.env._("Yes"), self.env._("No")]
        if place.field.type != "many2one" or place.scopes():
            return None
        names = RelationResolver(place.owner, place.name).names(LIST_LIMIT + 1)
        return names if 0 < len(names) <= LIST_LIMIT else None

    def _example(self, place, given):
        if place.path in given:
            return given[place.path]
        samples = {"date": "2026-09-05", "datetime": "2026-09-05 14:30", "integer": "10", "float": "10.5"}
        options = self._template_options(place)
        return options[0] if options else samples.get(place.field.type, "")

    def _error_file(self):
        """Return ``(file name, content)`` of the error report."""
        self.ensure_one()
        table = self._read_table()
        reasons = {row.number: row.message for row in self.row_ids.filtered(lambda row: row.state == "bad")}
        headers = [label for _index, label in table.columns]
        rows = [
            ([cells[index] if index < len(cells) else None for index, _label in table.columns], reasons[number])
            for number, cells in table.rows if number in reasons
        ]
        name = os.path.splitext(self.file_name or "")[0]
        suffix = self.env._("Bad Rows")
        return f"{name}_{suffix}.xlsx", import_sheets.bad_rows(headers, rows, self.env._("Reason"))
