from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import validators

OPEN_FIELDS = frozenset({"institution_id"})


class AdminTaskLine(models.Model):
    """An enterprise of a task, as it was named there, and the institution it is here.

    Found by its unified social credit code, its filing number, its name, in this order; where two of them speak of
    different institutions, or none of any, a planner says which it is.
    """

    _name = "ctsp.admin.task.line"
    _description = "Enterprise of a Task"
    _order = "task_id desc, sequence, id"
    _rec_name = "name"
    _audit_what = "write"

    task_id = fields.Many2one("ctsp.admin.task", required=True, readonly=True, index=True, ondelete="cascade")
    sequence = fields.Integer(readonly=True)
    uscc = fields.Char("Credit Code as Given", readonly=True)
    record_no = fields.Char("Filing No. as Given", readonly=True)
    name = fields.Char("Name as Given", required=True, readonly=True)
    address = fields.Char("Address as Given", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", index="btree_not_null", ondelete="restrict")
    found_by = fields.Selection(
        [("uscc", "Credit Code"), ("record_no", "Filing No."), ("name", "Name"), ("person", "A Planner")],
        "Identified By", readonly=True)
    problem = fields.Char("Why Not Identified", readonly=True)
    removed = fields.Boolean("Taken Off the List", readonly=True)
    plan_line_id = fields.Many2one(
        "ctsp.plan.line", "Planned Inspection", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    plan_line_state = fields.Selection(related="plan_line_id.state", string="State of the Inspection")
    task_state = fields.Selection(related="task_id.state", string="State of the Task")

    def write(self, vals):
        """A planner names an institution once; everything else is the engine's."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - OPEN_FIELDS:
            raise AccessError(self.env._("What the inspection system said about an enterprise is not changed here."))
        if any(line.institution_id or line.removed or line.task_id.state != "open" for line in self):
            raise UserError(self.env._("This enterprise is identified already, or no longer part of the task."))
        result = super().write(vals)
        if vals.get("institution_id"):
            lines = self.sudo()  # sudo: planners may not write the rest; naming the institution is the right
            super(AdminTaskLine, lines).write({"found_by": "person", "problem": False})
            lines.task_id._to_plan()
            lines.task_id._tell_unmatched()
        return result

    # ---- the list of the task

    def _take_list(self, task, enterprises):
        """Follow the list that came with a task: new rows, changed rows, rows that are gone.

        :param self: the rows there were
        """
        known = {line._key(line.uscc, line.record_no, line.name): line for line in self}
        seen = self.browse()
        for number, row in enumerate(enterprises, 1):
            values = {
                "sequence": number, "uscc": row.get("uscc") or False, "record_no": row.get("recordNo") or False,
                "name": row["name"], "address": row.get("address") or False, "removed": False}
            line = known.get(self._key(values["uscc"], values["record_no"], values["name"]))
            if line:
                line.write(values)
            else:
                line = self.create({"task_id": task.id, **values})
            seen |= line
            if not line.institution_id:
                line._identify()
        for line in (self - seen).filtered(lambda line: not line.removed):
            line._call_off(self.env._("Taken off the list of task %(number)s by the issuer", number=task.number))
            line.removed = True  # last: the issuer is still told that it was called off

    @api.model
    def _key(self, uscc, record_no, name):
        return (uscc or "").upper() or (record_no or "") or name

    def _identify(self):
        """Find the institution, or say why it was not found."""
        self.ensure_one()
        found = {name: institution for name, institution in (
            ("uscc", self._by_code("uscc", self.uscc)), ("record_no", self._by_code("record_no", self.record_no)),
            ("name", self._by_name())) if institution}
        if len(set(found.values())) > 1 and len({found.get("uscc"), found.get("record_no")} - {None}) != 1:
            self.problem = self.env._("Credit code, filing number and name speak of different institutions")
        elif found:
            how, institution = next(iter(found.items()))
            self.write({"institution_id": institution.id, "found_by": how, "problem": False})
        else:
            self.problem = self.env._("No institution with this credit code, filing number or name is registered")

    def _by_code(self, name, value):
        institutions = self.env["ctsp.institution"]
        try:
            wanted = getattr(validators, name)(value) if value else None
        except ValueError:
            return institutions
        return institutions.search([(name, "=", wanted)], limit=1) if wanted else institutions

    def _by_name(self):
        """Return the one institution of this name, today or formerly."""
        name = (self.name or "").strip()
        former = Domain("former_name_ids.name", "=", name)
        found = self.env["ctsp.institution"].search(Domain("name", "=", name) | former, limit=2)
        return found if len(found) == 1 else found.browse()
