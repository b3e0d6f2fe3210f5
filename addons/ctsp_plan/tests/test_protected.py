from odoo.tests import tagged
from odoo.tools import SQL

from .common import PlanCase


@tagged("post_install", "-at_install")
class TestProtected(PlanCase):
    """Scope, people and owners of plans and inspections are as the platform wrote them, or named."""

    def found(self, records):
        self.env.flush_all()
        self.env.cr.flush()
        return {(found.res_id, found.kind, found.name)
                for found in self.env["ctsp.integrity"]._check(records._name, records.ids)}

    def sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.flush()
        self.env.cr.execute(SQL(query, *values))
        self.env.invalidate_all()

    def test_links_by_another_hand(self):
        plan = self.plan()
        line = plan.line_ids
        link = line._fields["member_ids"]
        self.sql(f"INSERT INTO {link.relation} ({link.column1}, {link.column2}) VALUES (%s, %s)",
                 line.id, self.member.id)
        self.assertEqual(self.found(line), {(line.id, "altered", "member_ids")})

    def test_links_go_with_their_rows(self):
        """The database takes links along with the row they lead to; what was linked is no finding."""
        law = self.env["ctsp.law"].create({"name": "示例规定（示例）"})
        plan = self.plan(basis_ids=law.ids)
        self.assertFalse(self.found(plan))
        law.unlink()
        self.assertFalse(plan.basis_ids)
        self.assertFalse(self.found(plan))

    def test_owner(self):
        """Whose record it is decides who sees it; on every class with an owner, whatever fields it names."""
        self.assertNotIn("owner_partner_id", self.specialty._integrity_fields[2])
        self.assertFalse(self.found(self.specialty))
        self.sql("UPDATE ctsp_specialty SET owner_partner_id = %s WHERE id = %s",
                 self.env.company.partner_id.id, self.specialty.id)
        self.assertEqual(self.found(self.specialty), {(self.specialty.id, "altered", "owner_partner_id")})

    def test_organisation_of_a_user(self):
        """An institution's user who is moved to another institution by SQL is kept out."""
        partner, user = self.outside("示例用户")
        self.sql("UPDATE res_partner SET parent_id = %s, commercial_partner_id = %s WHERE id = %s",
                 self.institution.partner_id.id, self.institution.partner_id.id, user.partner_id.id)
        self.assertEqual(
            {(found.model, found.res_id, found.name) for found in self.env["ctsp.integrity"]._check_user(user)},
            {("res.partner", user.partner_id.id, name) for name in ("parent_id", "commercial_partner_id")})
        self.assertNotEqual(partner, user.partner_id.commercial_partner_id)
