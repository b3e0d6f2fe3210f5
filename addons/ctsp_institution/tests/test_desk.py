from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase


@tagged("post_install", "-at_install")
class TestRegistryDesk(DeskAttacks, DeskCase):
    """One institution's user attacks the registry of another: institution, sites, people, specialties, committees."""

    @classmethod
    def _desk_record(cls, user, label):
        company = user.partner_id.commercial_partner_id
        item = cls.env["ctsp.dictionary.item"]._item
        institution = cls.env["ctsp.institution"].create({
            "name": f"示例{label}（示例）", "partner_id": company.id, "state": "filed",
            "record_no": f"药临床机构备字20990007{company.id % 100:02d}",
            "site_ids": [Command.create({"name": label, "address": label})],
            "former_name_ids": [Command.create({"name": label})],
            "licence_ids": [Command.create({"kind_id": item("licence_kind", "practice").id, "number": label})],
            "person_ids": [Command.create({
                "name": label, "mobile": "13800000001",
                "post_ids": [Command.create({"post_id": item("post", "pi").id})],
            })],
            "ethics_committee_ids": [Command.create({"name": label, "member_ids": [Command.create({"name": label})]})],
        })
        cls.env["ctsp.specialty"].create({
            "institution_id": institution.id, "discipline_id": cls.env.ref("ctsp_base.discipline_19").id, "name": label,
            "pi_id": institution.person_ids.id,
        })
        institution._make_version(reason=label)
        return institution

    @classmethod
    def _desk_children(cls, record):
        people, committees = record.person_ids, record.ethics_committee_ids
        return [*super()._desk_children(record), people.post_ids, committees.member_ids]

    def test_desk_shows_the_own_institution(self):
        """The desk's screen gives A's user his own institution with its parts, and no way to change it."""
        self._sign_in(self.user_a)
        screen = self.env.ref("ctsp_institution.ctsp_institution_action_desk")
        action = self._rpc("/web/action/load", action_id=screen.id)
        self.assertEqual(action["result"]["res_model"], "ctsp.institution")
        found = self.env["ctsp.institution"].with_user(self.user_a).web_search_read([], {"name": {}, "person_ids": {}})
        self.assertEqual([row["id"] for row in found["records"]], self.record_a.ids)
        self.assertFalse(self.record_a.with_user(self.user_a).desk_editable)
