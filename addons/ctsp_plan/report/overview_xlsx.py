import base64
import io

import xlsxwriter

from odoo import api, models


class Overview(models.AbstractModel):
    """The overview as a workbook: one sheet for figures, one for each chart and table."""

    _inherit = "ctsp.inspection.overview"

    @api.model
    def overview_xlsx(self, year=None):
        """Return ``{"name", "content"}`` (base64) of the workbook of ``year``; logged like every export."""
        data = self.overview_data(year)
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
            self._write_figures(book, data)
            for chart in data["charts"]:
                head = ["", *(series["label"] for series in chart["series"])]
                columns = zip(chart["labels"], *(series["data"] for series in chart["series"]), strict=True)
                self._write_sheet(book, chart["title"], head, columns)
            for table in data["tables"]:
                self._write_sheet(book, table["title"], table["head"], (row["cells"] for row in table["rows"]))
        self.env["ctsp.audit.port"]._log("export", None, model=self._name, year=data["year"])
        name = self.env._("Overview of inspections %s", data["year"])
        return {"name": f"{name}.xlsx", "content": base64.b64encode(stream.getvalue()).decode()}

    @api.model
    def _write_figures(self, book, data):
        year = data["year"]
        rows = ([figure["label"], figure["value"], figure["before"], figure["unit"]] for figure in data["figures"])
        self._write_sheet(book, self.env._("Figures"), ["", str(year), str(year - 1), self.env._("Unit")], rows)

    @api.model
    def _write_sheet(self, book, title, head, rows):
        sheet = book.add_worksheet(title[:31].replace("/", " "))
        sheet.write_row(0, 0, head, book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1}))
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, max(len(head) - 1, 1), 16)
        sheet.freeze_panes(1, 0)
