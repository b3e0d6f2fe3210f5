from odoo import fields, models


class FilingChecklistItem(models.Model):
    """A question of the officer's check list. Maintained on screen; a filing keeps the words it was reviewed by."""

    _name = "ctsp.filing.checklist.item"
    _description = "Check List Item"
    _order = "sequence, id"
    _integrity_fields = {1: ("for_initial", "for_change", "for_cancellation", "required", "active")}

    name = fields.Char("Question", required=True, translate=True)
    basis = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    for_initial = fields.Boolean("First Filing", default=True)
    for_change = fields.Boolean("Change", default=True)
    for_cancellation = fields.Boolean("Cancellation")
    required = fields.Boolean(default=True, help="Approval waits for an answer.")
    active = fields.Boolean(default=True)
