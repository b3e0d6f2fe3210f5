from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestOrganization(RegistryCase):
    """Sponsors and service providers."""

    def make(self, **vals):
        steward = self.role("data_steward", personal=True)
        return self.env["ctsp.organization"].with_user(steward).create({
            "name": "示例制药（示例）", "is_sponsor": True, **vals})

    def test_found_by_pinyin(self):
        """A sponsor is found by its pinyin initials."""
        sponsor = self.make()
        self.assertIn(sponsor.id, [row[0] for row in self.env["ctsp.organization"].name_search("slzy")])

    def test_role_and_code_are_checked(self):
        """At least one role, and a valid credit code."""
        for vals in ({"is_sponsor": False}, {"uscc": "91990000DEM000001X"}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.make(**vals)

    def test_contact_is_personal(self):
        """The contact is masked for whoever need not see it."""
        sponsor = self.make(contact_name="王示例", contact_phone="13800000001")
        reader = sponsor.with_user(self.role("inspector"))
        self.assertEqual((reader.contact_name_masked, reader.contact_phone_masked), ("王**", "138****0001"))

    def test_nobody_deletes(self):
        """Organizations are archived, not deleted."""
        with self.assertRaises(AccessError):
            self.make().with_user(self.role("filing_officer")).unlink()

    def test_contacts_are_checked(self):
        """A telephone number or address that cannot exist is refused, on every record that has one."""
        sponsor = self.make()
        for record, values in (
            (sponsor, {"contact_phone": "123"}), (sponsor, {"contact_email": "x@"}),
            (self.institution, {"office_phone": "555"}), (self.committee, {"contact_phone": "12"}),
            (self.person, {"mobile": "1380000"}), (self.person, {"id_number": "310101199001011230"}),
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                record.write(values)

    def test_person_is_listed_once(self):
        """The same identity number cannot be given to two people of an institution."""
        self.person.id_number = "11010519491231002X"
        with self.assertRaises(ValidationError):
            self.person.copy({"id_number": "11010519491231002X"})
