from odoo import models


class DatasetSubmission(models.Model):
    """What became of a submission is told to the institution's program."""

    _inherit = "ctsp.dataset.submission"

    def _tell(self):
        super()._tell()
        if self.is_test and self.channel == "desk":
            return  # a person looks at it, and no program asked
        for webhook in self.env["ctsp.dataset.webhook"].search([("owner_partner_id", "=", self.owner_partner_id.id)]):
            receipt = self._receipt(findings=0)
            del receipt["findings"]  # none listed must not read as none found
            webhook._post(self.number, "submission", receipt, self)
