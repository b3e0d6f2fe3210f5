from odoo import api, fields, models
from odoo.exceptions import AccessError

ROLES = [("leader", "Team Leader"), ("member", "Member"), ("observer", "Observer")]
LEVELS = ("junior", "middle", "senior", "expert")


class InspectorDrawSlot(models.Model):
    """How many inspectors of which kind a drawing is to find."""

    _name = "ctsp.inspector.draw.slot"
    _description = "Inspectors to Draw"
    _inherit = ["ctsp.fixed.mixin"]
    _order = "sequence, id"
    _rec_name = "role"
    _fixed_by = "draw_id"
    _fixed_for_superuser = True
    _integrity_fields = {1: ("draw_id", "role", "count", "level", "discipline_ids", "skill_ids")}

    draw_id = fields.Many2one("ctsp.inspector.draw", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    role = fields.Selection(ROLES, required=True, default="member")
    count = fields.Integer("Number", required=True, default=1, aggregator=None)
    level = fields.Selection(
        [("junior", "Junior"), ("middle", "Intermediate"), ("senior", "Senior"), ("expert", "Expert")],
        "At Least")
    discipline_ids = fields.Many2many(
        "ctsp.discipline", "ctsp_inspector_draw_slot_discipline_rel", "slot_id", "discipline_id",
        "One of the Specialities")
    skill_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_inspector_draw_slot_skill_rel", "slot_id", "item_id", "One of the Skills",
        domain="[('dictionary_code', '=', 'inspector_skill')]")
    candidate_ids = fields.One2many("ctsp.inspector.draw.candidate", "slot_id", "Candidates", readonly=True)

    _count_positive = models.Constraint("CHECK(count > 0)", "At least one inspector is to be drawn.")

    def _role_label(self):
        return dict(self._fields["role"]._description_selection(self.env))[self.role]

    def _round(self):
        """Return the word that stands for this slot in the tickets: its place and its role."""
        return f"{list(self.draw_id.slot_ids).index(self) + 1}:{self.role}"

    def _unfit(self, inspector):
        """Return the sentences why ``inspector`` does not meet what this slot asks for."""
        sentences = []
        if self.role == "leader" and not inspector.is_leader:
            sentences.append(self.env._("May not lead a team."))
        if self.level and LEVELS.index(inspector.level) < LEVELS.index(self.level):
            sentences.append(self.env._("The level is lower than asked for."))
        wanted = self.discipline_ids
        if wanted and not (wanted | wanted.child_ids | wanted.parent_id) & inspector.discipline_ids:
            sentences.append(self.env._("Has none of the specialities asked for."))
        if self.skill_ids and not self.skill_ids & inspector.skill_ids:
            sentences.append(self.env._("Has none of the skills asked for."))
        return sentences

    @api.model
    def _check_whole(self, whole):
        if any(draw.state != "draft" for draw in whole):
            raise AccessError(self.env._("A drawing cannot be changed once it has been made."))
