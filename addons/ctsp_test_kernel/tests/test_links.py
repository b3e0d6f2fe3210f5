from odoo.tests import tagged

from .io_common import IoCase


@tagged("post_install", "-at_install")
class TestLinkNames(IoCase):

    def test_a_list_reads_names_of_links_only(self):
        """A list that shows the names of linked records leaves their long texts in the database."""
        parents = self.Clinic.create([{"name": f"上级{index}", "note": "长文"} for index in range(3)])
        clinics = self.Clinic.create([{"name": f"示例{parent.id}", "parent_id": parent.id} for parent in parents])
        self.env.flush_all()
        self.env.invalidate_all()
        rows = clinics.with_user(self.regulator).web_read({"name": {}, "parent_id": {"fields": {"display_name": {}}}})
        self.assertEqual([row["parent_id"]["display_name"] for row in rows], ["上级0", "上级1", "上级2"])
        self.assertNotIn("note", parents[0]._cache)

    def test_a_new_record_shows_names(self):
        """A record in the making, as onchange reads it, shows the name of its link."""
        new = self.Clinic.new({"name": "示例", "parent_id": self.clinics[0].id})
        rows = new.web_read({"parent_id": {"fields": {"display_name": {}}}})
        self.assertEqual(rows[0]["parent_id"]["display_name"], self.clinics[0].name)
