from odoo import models

from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

from ..tools import words


class TrialRegistry(models.AbstractModel):
    """What the registry says of a trial (trial), whenever it or the part of an institution in it changed."""

    _name = "ctsp.connector.admin.trial"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: Trials"

    _push_model = "ctsp.trial"

    def _push_since(self, moment):
        return ["|", ("write_date", ">=", moment), ("site_ids.write_date", ">=", moment)]

    def _payloads(self, records, event, facts):
        for trial in records:
            yield Outgoing(trial.ctr_no or f"#{trial.id}", words.trial(trial), records=trial)
