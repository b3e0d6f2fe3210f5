from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock

_lt = LazyTranslate(__name__)


class InspectionMember(models.Model):
    """A person of the team of an inspection, and his declaration that no conflict of interest exists (回避声明)."""

    _name = "ctsp.inspection.member"
    _description = "Member of an Inspection Team"
    _inherit = ["ctsp.inspection.part.mixin"]
    _order = "inspection_id, sequence, id"
    _rec_name = "inspector_id"
    _integrity_fields = {1: (
        "inspection_id", "inspector_id", "user_id", "role", "declaration", "declaration_note", "declared_at")}

    sequence = fields.Integer(compute="_compute_sequence", store=True)
    inspector_id = fields.Many2one("ctsp.inspector", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="inspector_id.user_id", store=True, string="Account")
    role = fields.Selection(
        [("leader", "Team Leader"), ("member", "Member"), ("observer", "Observer")], required=True, default="member")
    declaration = fields.Selection(
        [("pending", "Not Declared"), ("none", "No Conflict"), ("conflict", "Conflict of Interest")],
        required=True, default="pending", copy=False, readonly=True)
    declaration_note = fields.Char("What the Conflict Is", copy=False, readonly=True)
    declared_at = fields.Datetime(copy=False, readonly=True)

    _once = models.Constraint("unique (inspection_id, inspector_id)", "An inspector is on a team only once.")
    _one_leader = models.UniqueIndex("(inspection_id) WHERE role = 'leader'", "A team has one leader.")
    _mine_idx = models.Index("(user_id, inspection_id)")

    @api.depends("role")
    def _compute_sequence(self):
        order = {"leader": 1, "member": 2, "observer": 3}
        for member in self:
            member.sequence = order.get(member.role, 9)

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._check_part_open()
        members._check_undeclared(vals_list)
        members._check_conflicts()
        return members

    def write(self, vals):
        self._check_part_open()
        self._check_undeclared([vals])
        result = super().write(vals)
        if "inspector_id" in vals:
            self._check_conflicts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_part_open()

    def _check_conflicts(self):
        """Nobody with a conflict of interest joins a team that was assigned already (回避); drafts are checked then."""
        for inspection, members in self.grouped("inspection_id").items():
            if inspection.state != "draft":
                inspection._check_conflicts(members.inspector_id)

    def _check_undeclared(self, vals_list):
        """Nobody declares for another: the fields are written by :meth:`declare`."""
        names = {"declaration", "declaration_note", "declared_at"}
        given = {vals.get(name) for vals in vals_list for name in names}
        if not self.env.su and given - {None, False, "pending"}:
            raise AccessError(self.env._("A member declares for himself, by “Declare”."))

    def _is_recording(self):
        """Say whether the member records: observers do not, nor does who declared a conflict of interest (回避)."""
        return bool(self) and self.role != "observer" and self.declaration != "conflict"

    def declare(self, has_conflict, note=None):
        """Declare, as the member himself, whether a conflict of interest exists. RPC and buttons.

        :raise AccessError: the row is another person's
        :raise UserError: handed in already, a conflict without a word on it, or one taken back
        """
        self.check_access("read")
        for member in self:
            if member.user_id != self.env.user:
                raise AccessError(self.env._("A member declares for himself, by “Declare”."))
        if has_conflict and not (note or "").strip():
            raise UserError(self.env._("What the Conflict Is: please say it in a few words."))
        if not has_conflict and "conflict" in self.mapped("declaration"):
            raise UserError(self.env._("You declared a conflict of interest: the planner decides on the team."))
        self._check_part_open()
        self._take_turns()  # handing in sees it, or it comes too late
        # superuser: the member has no right on the team otherwise
        self.sudo().write({
            "declaration": "conflict" if has_conflict else "none", "declaration_note": note if has_conflict else False,
            "declared_at": fields.Datetime.now()})
        if has_conflict:
            for inspection in self.inspection_id:
                inspection._ask(inspection.create_uid, _lt("Replace who declared a conflict"), clock.today())
        return True
