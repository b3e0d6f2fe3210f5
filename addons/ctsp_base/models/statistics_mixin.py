from odoo import models


class StatisticsMixin(models.AbstractModel):
    """A row of statistics (``_table_query``): leads to the record it counts, and into a workbook.

    The list names ``action_open_record`` as its action, so that a click on a row opens the record and not the row.
    """

    _name = "ctsp.statistics.mixin"
    _description = "Row of Statistics"
    _inherit = ["ctsp.export.mixin"]

    _counted_record = None
    """the many2one field of the record a row is about"""

    def action_open_record(self):
        """Open the record behind the row, with the reader's own rights."""
        self.ensure_one()
        record = self[self._counted_record]
        record.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")], "name": record.display_name}
