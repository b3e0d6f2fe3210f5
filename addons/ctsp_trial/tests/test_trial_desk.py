from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase


@tagged("post_install", "-at_install")
class TestTrialDesk(DeskAttacks, DeskCase):
    """An outside organisation attacks the other's part in a trial and its contracts by every door there is."""

    @classmethod
    def _desk_record(cls, user, label):
        institution = cls.env["ctsp.institution"].create(
            {"name": f"Hospital {label}", "partner_id": user.partner_id.commercial_partner_id.id})
        return cls.env["ctsp.trial.site"].create({
            "trial_id": cls.env["ctsp.trial"].create({"name": f"Trial {label}"}).id,
            "institution_id": institution.id,
            "contract_ids": [Command.create({"name": f"Contract {label}", "date": "2025-01-01", "amount": 5})],
        })
