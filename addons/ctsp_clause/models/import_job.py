from odoo import api, fields, models

GRADES = {
    "★★": "critical", "关键": "critical", "★★关键": "critical", "关键项目": "critical",
    "★": "major", "主要": "major", "★主要": "major", "主要项目": "major", "一般项目": "minor",
}
OBJECTS = {"试验机构": "institution", "机构部分": "institution", "试验专业": "specialty", "专业部分": "specialty"}
SPELLINGS = {"grade": GRADES, "object": OBJECTS}


class ImportJob(models.Model):
    """Import of clauses into the library it was started from: the file need not name the library in each row."""

    _inherit = "ctsp.import.job"

    clause_library_id = fields.Many2one(
        "ctsp.clause.library", string="Into the Library", readonly=True, ondelete="cascade"
    )

    @api.model
    def _started_from(self):
        return super()._started_from() | {"clause_library_id"}

    def _read_table(self):
        table = super()._read_table()
        if self.res_model != "ctsp.clause":
            return table
        self._respell(table)
        self._fill_down(table)
        label = self.env["ctsp.clause"]._fields["library_id"]._description_string(self.env)
        if self.clause_library_id and label not in [header for _index, header in table.columns]:
            place = max(len(cells) for _number, cells in table.rows)
            place = max(place, *[index + 1 for index, _label in table.columns])
            table.columns.append((place, label))
            code = self.clause_library_id.code
            table.rows[:] = [(number, [*cells, *[None] * (place - len(cells)), code]) for number, cells in table.rows]
        return table

    def _respell(self, table):
        """Grades and objects as the documents of the authority spell them."""
        for column in self.column_ids:
            known = SPELLINGS.get(column.target_id.field_name)
            for _number, cells in table.rows if known else ():
                if column.position < len(cells) and isinstance(cells[column.position], str):
                    cell = cells[column.position].strip()
                    cells[column.position] = known.get(cell.replace("*", "★"), cell)

    def _fill_down(self, table):
        """Rows that leave the section empty stand in the section of the row above, as printed tables are read."""
        for column in self.column_ids:
            if column.target_id.field_name != "section_name":
                continue
            above = None
            for _number, cells in table.rows:
                if column.position >= len(cells):
                    continue
                above = cells[column.position] = cells[column.position] or above
