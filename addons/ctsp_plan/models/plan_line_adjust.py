from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

TRACKED = ("institution_id", "specialty_ids", "trial_ids", "date_due", "date_from", "date_to")


class PlanLine(models.Model):
    """Adjusting a published plan: every change is kept with its reason; the reason is asked where people decided.

    The reason comes as ``change_reason`` among the values (forms, imports) or in the context (steps, time view).
    First inspections follow the law's terms: their planned days may be moved without giving a reason.
    """

    _inherit = "ctsp.plan.line"

    change_ids = fields.One2many("ctsp.plan.change", "line_id", "Adjustments", readonly=True)
    change_reason = fields.Char("Reason for the Adjustment", store=False, copy=False)
    needs_change_reason = fields.Boolean(compute="_compute_needs_change_reason")

    @api.depends("plan_state", "kind")
    def _compute_needs_change_reason(self):
        for line in self:
            line.needs_change_reason = line.plan_state == "published" and line.kind != "first"

    @api.model
    def _adjusted_fields(self):
        """Return the names of the fields whose change is an adjustment of the plan. For extension."""
        return TRACKED

    @api.model_create_multi
    def create(self, vals_list):
        reasons = [self._take_reason(vals) for vals in vals_list]
        lines = super().create([{**vals, "change_reason": False} for vals in vals_list])
        for line, reason in zip(lines, reasons, strict=True):
            if line.plan_state in ("done", "withdrawn"):
                raise UserError(self.env._("“%s” is closed: nothing is added to it.", line.plan_id.name))
            if line.plan_state == "published":
                line._adjusted("add", line.display_name, reason)
        return lines

    def write(self, vals):
        tracked = [name for name in self._adjusted_fields() if name in vals]
        published = self.filtered(lambda line: line.plan_state == "published") if tracked else self.browse()
        reason = self._take_reason(vals)
        before = {line: line._spoken(tracked) for line in published}
        self._check_adjustable(vals)
        result = super().write({name: value for name, value in vals.items() if name != "change_reason"})
        for line, old in before.items():
            if what := line._difference(old, line._spoken(tracked)):
                line._adjusted("change", what, reason)
        return result

    def _check_adjustable(self, vals):
        """What is inspected stays as it is once the inspection began; closed plans stay as they are."""
        if self.env.su or not set(self._adjusted_fields()) & vals.keys():
            return
        for line in self:
            if line.plan_state in ("done", "withdrawn") or line.state in ("done", "cancelled"):
                raise UserError(self.env._("“%s” is closed and no longer adjusted.", line.display_name))
            if line.state == "running" and {"institution_id", "specialty_ids", "trial_ids"} & vals.keys():
                raise UserError(self.env._(
                    "“%s” is under way: change institution, specialties and trials in the inspection.",
                    line.display_name))

    @api.model
    def _take_reason(self, vals):
        return (vals.get("change_reason") or self.env.context.get("change_reason") or "").strip()

    def _adjusted(self, kind, what, reason):
        """Keep the adjustment; refuse it without a reason where people decided the plan."""
        if self.needs_change_reason and not reason and not self.env.su:
            raise UserError(self.env._(
                "Reason for the Adjustment: “%(plan)s” is published, say why “%(line)s” changes.",
                plan=self.plan_id.name, line=self.display_name))
        self.env["ctsp.plan.change"]._append(self, kind, what, reason)

    def _spoken(self, names):
        """Return ``{label: value in words}`` of the named fields."""
        line, words = in_record_language(self), {}
        for name in names:
            field, value = line._fields[name], line[name]
            label = field.get_description(line.env, ["string"])["string"]
            if field.relational:
                words[label] = "、".join(value.mapped("display_name"))
            elif field.type == "date":
                words[label] = fields.Date.to_string(value) or ""
            else:
                words[label] = str(value or "")
        return words

    def _difference(self, before, after):
        return "\n".join(
            self.env._("%(field)s: %(before)s → %(after)s", field=label, before=old or "—", after=after[label] or "—")
            for label, old in before.items() if old != after[label])

    # ---- steps that adjust the plan -------------------------------------------------------------------------------

    def _after_cancel(self, reason):
        if self.plan_state == "published":
            self._adjusted("cancel", self.display_name, reason)

    def _after_restore(self, reason):
        if self.plan_state == "published":
            self._adjusted("restore", self.display_name, reason)
