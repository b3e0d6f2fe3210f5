from odoo import api, models


class DatasetSubmission(models.Model):
    """What the business platform wrote into a report, it may write over: it is no person."""

    _inherit = "ctsp.dataset.submission"

    @api.model
    def _programs(self):
        return super()._programs() | self.env.ref("ctsp_connector_business.user_platform")
