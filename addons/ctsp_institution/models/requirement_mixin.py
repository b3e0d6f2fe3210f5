from odoo import models


class RequirementMixin(models.AbstractModel):
    """Shows the verdicts of ``tools.requirements`` as a list a person can read: met or not, found and required."""

    _name = "ctsp.requirement.mixin"
    _description = "Explained Requirements"

    def _requirement_labels(self):
        """Return ``{code: (requirement, its source)}`` in the user's language."""
        rules = self.env._("Rules on Trial Institutions (2019 No. 101)")
        ethics = self.env._("Ethics Review Measures (2023)")
        return {
            "no_investigator": (self.env._("A principal investigator is named"), rules),
            "senior_title": (self.env._("Senior professional title"), rules),
            "proven_trials": (self.env._("Drug trials taken part in, with proof"), rules),
            "gcp_training": (self.env._("Training in good clinical practice"), rules),
            "members": (self.env._("Number of members"), ethics),
            "both_sexes": (self.env._("Members of both sexes"), ethics),
            "external": (self.env._("Members from outside the institution"), ethics),
            "non_medical": (self.env._("Members with a non-medical background"), ethics),
            "legal": (self.env._("Members with a legal background"), ethics),
        }

    def _requirement_html(self, verdicts):
        """Return the verdicts as escaped HTML."""
        labels = self._requirement_labels()
        rows = [{"verdict": verdict, "label": labels[verdict.code][0], "source": labels[verdict.code][1]}
                for verdict in verdicts]
        return self.env["ir.qweb"]._render("ctsp_institution.requirement_list", {"rows": rows})
