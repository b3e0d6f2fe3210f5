from odoo import fields, models


class InspectorDrawCandidate(models.Model):
    """One inspector as he was when the drawing was made: took part or excluded and why, his ticket, his rank.

    Written by the drawing alone: nobody has the right to create, change or delete one.
    """

    _name = "ctsp.inspector.draw.candidate"
    _description = "Candidate of a Drawing"
    _inherit = ["ctsp.export.mixin"]
    _order = "draw_id desc, slot_id, excluded, rank, key, id"

    draw_id = fields.Many2one("ctsp.inspector.draw", required=True, readonly=True, index=True, ondelete="cascade")
    slot_id = fields.Many2one(
        "ctsp.inspector.draw.slot", "For", required=True, readonly=True, index=True, ondelete="cascade")
    role = fields.Selection(related="slot_id.role", string="Drawn For")
    inspector_id = fields.Many2one("ctsp.inspector", required=True, readonly=True, index=True, ondelete="restrict")
    name = fields.Char("Full Name", required=True, readonly=True)
    key = fields.Char("Lot No.", required=True, readonly=True)
    unit = fields.Char(readonly=True)
    level = fields.Selection(
        [("junior", "Junior"), ("middle", "Intermediate"), ("senior", "Senior"), ("expert", "Expert")], readonly=True)
    load = fields.Integer("Workload", readonly=True, aggregator=None)
    excluded = fields.Boolean(readonly=True)
    reason = fields.Text("Why Excluded", readonly=True)
    ticket = fields.Char(readonly=True, help="SM3 of seed, round and number")
    score = fields.Float(readonly=True, digits=(16, 6), aggregator=None)
    rank = fields.Integer(readonly=True, aggregator=None)
    drawn = fields.Boolean("Drawn by Lot", readonly=True)
