from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestFacets(RegistryCase):
    """Institutions by specialty: side panel, group-by, and what both cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inner = cls.env["ctsp.discipline"].create(
            {"code": "T99.1", "name": "测试二级专业（示例）", "parent_id": cls.discipline.id})
        cls.surgery = cls.env["ctsp.discipline"].create({"code": "T96", "name": "测试外科（示例）"})
        cls.model = cls.env["ctsp.institution"].with_user(cls.role("regulator"))

    def file(self, institution, discipline, **vals):
        return self.env["ctsp.specialty"].create(
            {"institution_id": institution.id, "discipline_id": discipline.id, **vals})

    def test_disciplines_are_those_filed(self):
        """First-level disciplines of the filed specialties; cancelled and archived ones leave."""
        self.assertEqual(self.institution.discipline_ids, self.discipline)
        inner = self.file(self.institution, self.inner)
        surgery = self.file(self.institution, self.surgery)
        self.assertEqual(self.institution.discipline_ids, self.discipline | self.surgery)
        surgery.state = "cancelled"
        (self.specialty | inner).active = False
        self.assertFalse(self.institution.discipline_ids)

    def test_panel_and_group(self):
        other = self._institution("示例第二医院（示例）")
        self.file(other, self.surgery)
        self.file(other, self.inner)
        self.env.flush_all()
        panel = self.model.search_panel_select_multi_range("discipline_ids", limit=200)
        shown = {value["id"] for value in panel["values"]}
        self.assertLessEqual({self.discipline.id, self.surgery.id}, shown)
        self.assertNotIn(self.inner.id, shown)
        ours = [("id", "in", (self.institution | other).ids)]
        groups = dict(self.model._read_group(ours, ["discipline_ids"], ["__count"]))
        self.assertEqual(groups, {
            self.discipline.with_env(self.model.env): 2, self.surgery.with_env(self.model.env): 1})

    def test_panel_costs_the_same_for_many(self):
        """The number of queries grows neither with the disciplines nor with the institutions."""
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.model.search_panel_select_multi_range("discipline_ids", limit=200)
            return self.env.cr.sql_log_count - before

        cost()
        few = cost()
        for number in range(30):
            discipline = self.env["ctsp.discipline"].create(
                {"code": f"T8{number:02}", "name": f"批量专业{number}（示例）"})
            self.file(self._institution(f"示例批量医院{number}（示例）"), discipline)
        self.assertEqual(cost(), few)
