from odoo import api, models
from odoo.exceptions import AccessError

ROLE = "ctsp_trial.group_interface_trial"
KEPT = frozenset({
    "name", "professional_title", "ctr_no", "acceptance_no", "protocol_no", "indication", "drug_name", "drug_class_id",
    "registration_class_id", "trial_type_id", "phase_id", "scope_id", "design", "randomisation", "blinding",
    "status_id", "status_note", "inclusion", "exclusion", "test_drug", "control_drug", "primary_endpoint",
    "secondary_endpoint", "has_dmc", "has_insurance", "insurance_note", "approval_no", "approval_date",
    "first_public_date", "first_enrolled_date", "completed_date", "terminated_date", "planned_total", "actual_total",
    "data_source"})
"""what the public register says of a trial"""


class Trial(models.Model):
    """What a program of the authority may write of the trials it keeps: the facts of the public register.

    The CTR number is what it knows a trial by: it is given with the trial, so that one that is sent twice, since the
    first answer was lost, is there once.
    """

    _inherit = "ctsp.trial"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_interface(vals)
            if self._is_interface() and not vals.get("ctr_no"):
                raise AccessError(self.env._("CTR Number: an interface account gives it with each trial."))
        return super().create(vals_list)

    def write(self, vals):
        self._check_interface(vals)
        if "ctr_no" in vals and not vals["ctr_no"] and self._is_interface():
            raise AccessError(self.env._("CTR Number: an interface account gives it with each trial."))
        return super().write(vals)

    def _is_interface(self):
        return not self.env.su and self.env.user.has_group(ROLE)

    def _check_interface(self, vals):
        """Refuse an interface account what it does not keep, by the label of the field."""
        if not self._is_interface() or not (others := sorted(vals.keys() - KEPT)):
            return
        labels = self.fields_get(others, ["string"])
        names = "、".join(labels[name]["string"] if name in labels else name for name in others)
        raise AccessError(self.env._("%(fields)s: not among what an interface account writes of trials.", fields=names))
