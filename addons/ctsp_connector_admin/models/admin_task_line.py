from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

OPEN_FIELDS = frozenset({"institution_id"})
BEGUN = ("running", "done")


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
    _integrity_fields = {1: ("task_id", "uscc", "record_no", "institution_id", "removed", "plan_line_id")}

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
        """A planner names the institution, another one as long as nothing has begun; the rest is the engine's."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - OPEN_FIELDS or not vals.get("institution_id"):
            raise AccessError(self.env._("What the inspection system said about an enterprise is not changed here."))
        if any(line.removed or line.task_id.state != "open" or line.plan_line_state in BEGUN for line in self):
            raise UserError(self.env._("The inspection has begun, or the enterprise is no longer part of the task."))
        self.check_access("write")
        # sudo: as below
        for line in self.sudo().filtered(lambda line: line.institution_id.id != vals["institution_id"]):
            line._let_go(self.env._("Another institution was named for “%(name)s”", name=line.name))
        result = super().write(vals)
        lines = self.sudo()  # sudo: planners may not write the rest; naming the institution is the right
        super(AdminTaskLine, lines).write({"found_by": "person", "problem": False})
        lines.task_id._to_plan()
        lines.task_id._tell_unmatched()
        lines.task_id._drop_todos()
        return result

    # ---- the list of the task

    def _take_list(self, task, enterprises):
        """Follow the list that came with a task: new rows, changed rows, rows that are gone.

        :param self: the rows there were
        """
        rows = [{
            "sequence": number, "uscc": row.get("uscc") or False, "record_no": row.get("recordNo") or False,
            "name": row["name"], "address": row.get("address") or False, "removed": False}
            for number, row in enumerate(enterprises, 1)]
        institutions, listed, seen, new = self.env["ctsp.institution"], self._listed(), set(), []
        registered = institutions._registered(rows)
        for values in rows:
            institution, how, problem = institutions._identified(values, registered)
            line = self._row_like(values, institution, listed, seen)
            if not line.institution_id:
                values |= {"institution_id": institution.id, "found_by": how, "problem": problem}
            if line:
                seen.add(line.id)
                line.write(values)
            else:
                new.append({"task_id": task.id, **values})
        kept = self.browse(seen) | self.create(new)
        for line in (self - kept).filtered(lambda line: not line.removed):
            if line.plan_line_id not in kept.plan_line_id:
                line._call_off(self.env._("Taken off the list of task %(number)s by the issuer", number=task.number))
            line.removed = True  # last: the issuer is still told that it was called off

    def _listed(self):
        """Return the rows by each thing an enterprise is known by: ``{(field, value): [row]}``."""
        listed = defaultdict(list)
        for line in self:
            for name in ("uscc", "record_no", "institution_id", "name"):
                listed[name, self._plain(line[name])].append(line)
        return listed

    def _row_like(self, values, institution, listed, seen):
        """Return the row that ``values`` say anew, none for an enterprise that was not listed: the same credit code,
        filing number, institution here, or name, in this order; a name counts where no code speaks against it."""
        asked = {**values, "institution_id": institution}
        for name in ("uscc", "record_no", "institution_id", "name"):
            for line in listed.get((name, self._plain(asked[name])), ()) if asked[name] else ():
                if line.id not in seen and (name != "name" or not line._denied_by(values)):
                    return line
        return self.browse()

    def _denied_by(self, values):
        """Return whether a code of ``values`` says that it is another enterprise."""
        return any(
            values[name] and (known := self[name] or self.institution_id[name])
            and self._plain(known) != self._plain(values[name]) for name in ("uscc", "record_no"))

    @staticmethod
    def _plain(value):
        return value.strip().upper() if isinstance(value, str) else value
