from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.turns import take_turns


class InspectionPart(models.AbstractModel):
    """A row that belongs to an inspection: who may read the inspection reads it, and its state decides over changes."""

    _name = "ctsp.inspection.part.mixin"
    _description = "Part of an Inspection"

    _part_states = ("draft", "assigned", "onsite", "returned")

    inspection_id = fields.Many2one("ctsp.inspection", required=True, index=True, ondelete="cascade")
    is_mine = fields.Boolean(
        string="On My Inspections", compute="_compute_is_mine", search="_search_is_mine",
        help="For the record rule of inspectors.")

    @api.depends("inspection_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for part in self:
            part.is_mine = part.inspection_id.is_mine

    def _search_is_mine(self, operator, value):
        """Parts of the inspections whose team the user is on: one sub-select over the rows of members."""
        if operator != "in":
            return NotImplemented
        return [("inspection_id", "in", self.env["ctsp.inspection"]._mine_query())]

    def _take_turns(self):
        """Of two changes at once the later one is made again, so that it sees the earlier one. A step such as
        handing in counts as one.
        """
        take_turns(self.inspection_id)

    def _check_part_open(self):
        """Refuse changes outside ``_part_states``. Superuser code (steps, migrations) decides for itself."""
        if self.env.su:
            return
        for inspection in self.inspection_id:
            if inspection.state not in self._part_states:
                raise UserError(self.env._(
                    "%(inspection)s is in the state “%(state)s”: its content can no longer be changed.",
                    inspection=inspection.display_name, state=inspection._state_label(inspection.state)))
