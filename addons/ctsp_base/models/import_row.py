from odoo import api, fields, models

from ..tools import import_values as values_
from ..tools.import_plan import BAD, CHANGED, NEW, UNCHANGED

CHUNK = 500


class ImportRow(models.Model):
    """What became, or would become, of one row of an import. Unchanged rows are only counted."""

    _name = "ctsp.import.row"
    _description = "Import Row"
    _order = "number"
    _rec_name = "number"

    job_id = fields.Many2one("ctsp.import.job", required=True, ondelete="cascade", index=True)
    number = fields.Integer("Row", required=True)
    state = fields.Selection(
        [(NEW, "New"), (CHANGED, "Changed"), (BAD, "Bad")], "Result", required=True, index=True)
    record_name = fields.Char("Record")
    message = fields.Text("Reason")
    difference = fields.Text()
    res_id = fields.Integer("Record ID")
    changes = fields.Json()  # {field: [old, new]}, what an undo compares and restores
    undo_state = fields.Selection(
        [("removed", "Removed"), ("archived", "Archived"), ("restored", "Restored"), ("kept", "Not taken back")],
        "Undo", readonly=True)
    undo_message = fields.Text("Undo Note", readonly=True)

    @api.model
    def _keep(self, job, plans, done):
        """Store the plans of ``job``; ``done`` says that their records exist now."""
        model = job._target()
        plans = [plan for plan in plans if plan.state != UNCHANGED]
        for start in range(0, len(plans), CHUNK):
            self.create([self._row_values(job, model, plan, done) for plan in plans[start:start + CHUNK]])
            self.env.invalidate_all()

    def _row_values(self, job, model, plan, done):
        changes = {name: [plan.old.get(name, False), value] for name, value in plan.values.items()}
        return {
            "job_id": job.id, "number": plan.number, "state": plan.state, "record_name": self._name_of(model, plan),
            "message": "\n".join(f"{label}：{reason}" if label else reason for label, reason in plan.problems),
            "difference": self._difference(model, plan) if plan.state == CHANGED else False,
            "res_id": plan.record_id if plan.record_id and (done or plan.state != NEW) else False,
            "changes": changes if done and plan.state in (NEW, CHANGED) else False,
        }

    def _name_of(self, model, plan):
        """The row's own words for its record: its name, else its first key."""
        keys = [key if isinstance(key, str) else key[0] for key in model._import_keys]
        for name in filter(None, [model._rec_name, *keys]):
            if plan.values.get(name):
                return values_.shown(model, name, plan.values[name])[:200]
        if plan.record_id and plan.state != NEW:
            return model.browse(plan.record_id).exists().display_name
        return False

    def _difference(self, model, plan):
        lines = []
        for name, value in plan.values.items():
            old, new = (values_.shown(model, name, one) or "—" for one in (plan.old.get(name), value))
            lines.append(f"{model._fields[name]._description_string(self.env)}：{old} → {new}")
        return "\n".join(lines)

    def action_open_record(self):
        """Open the imported record; its own rights apply."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": self.job_id.res_model, "res_id": self.res_id,
            "views": [[False, "form"]],
        }
