from odoo import api, models

from ..tools.operators import KINDS, OPERATORS

SECTIONS = {
    "institution": ("ctsp.institution", (
        "name", "former_names", "record_no", "uscc", "state", "level_id", "kind_id", "district_id", "address",
        "bed_count", "first_filed_date", "is_cdc", "tag_ids")),
    "specialty": ("ctsp.specialty", (
        "discipline_id", "name", "state", "filed_date", "is_phase1", "is_be", "is_drug", "is_device", "pi_state",
        "bed_count", "tag_ids")),
    "person": ("ctsp.person", (
        "name", "title_id", "education", "discipline_id", "is_pi", "proven_trial_count", "gcp_date", "gcp_valid_to",
        "tag_ids")),
    "trial": ("ctsp.trial", (
        "name", "ctr_no", "drug_name", "indication", "phase_id", "status_id", "is_running", "is_international",
        "scope_id", "trial_type_id", "drug_class_id", "registration_class_id", "sponsor_id",
        "lead_name", "is_local_lead", "year",
        "first_public_date", "approval_date", "first_enrolled_date", "completed_date", "planned_total", "actual_total",
        "has_dmc", "has_insurance", "check_state", "tag_ids")),
}
"""section → (model, fields offered, in the order shown)"""


class QueryCatalogue(models.AbstractModel):
    """What the query screen offers: plain-language fields per section, their operators and choices.

    Names come from the fields themselves, in the user's language and within his rights. Fields an administrator added
    to a model (``x_``) are offered too.
    """

    _name = "ctsp.query.catalogue"
    _description = "Fields of the Query Screen"

    @api.model
    def get_catalogue(self):
        """Return ``{section: {label, model, fields: [{name, label, kind, relation, choices}]}}`` and operators (RPC).

        Reads metadata only; fields the user has no right to are left out.
        """
        self.env["ctsp.query"].check_access("read")
        return {
            "sections": {section: self._section(section) for section in SECTIONS},
            "operators": {kind: list(operators) for kind, operators in OPERATORS.items()},
        }

    @api.model
    def _section(self, section):
        model, names = SECTIONS[section]
        known = self.env[model].fields_get(
            attributes=["string", "type", "relation", "selection", "searchable", "domain"])
        added = sorted(name for name, field in known.items() if name.startswith("x_") and field.get("searchable"))
        offered = [name for name in (*names, *added) if name in known and known[name]["type"] in KINDS]
        return {
            "label": self.env["ir.model"]._get(model).name,
            "model": model,
            "fields": [self._field(name, known[name]) for name in offered],
        }

    @api.model
    def _field(self, name, description):
        return {
            "name": name,
            "label": description["string"],
            "kind": KINDS[description["type"]],
            "relation": description.get("relation") or False,
            "domain": description["domain"] if isinstance(description.get("domain"), str) else "[]",
            "choices": description.get("selection") or [],
        }
