from odoo import api, models
from odoo.exceptions import UserError


class StatisticsMixin(models.AbstractModel):
    """A row of statistics (``_table_query``): leads to the record it counts, and into a workbook.

    The list names ``action_open_record`` as its action, so that a click on a row opens the record and not the row.
    """

    _name = "ctsp.statistics.mixin"
    _description = "Row of Statistics"
    _inherit = ["ctsp.export.mixin"]

    _counted_record = None
    """the many2one field of the record a row is about"""

    @api.depends(lambda self: (self._rec_name,) if self._rec_name else ())
    def _compute_display_name(self):
        """Name a row after what it counts, also for readers of figures who may not open that: the name alone."""
        super(StatisticsMixin, self.sudo())._compute_display_name()  # sudo: names of counted records, nothing else

    def action_open_record(self):
        """Open the record behind the row, with the reader's own rights."""
        self.ensure_one()
        record = self[self._counted_record]
        if not record.has_access("read"):
            raise UserError(self.env._(
                "Your role reads the figures; the record itself is open to those who work on it."))
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")], "name": record.display_name}
