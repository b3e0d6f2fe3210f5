from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CtspCase


@tagged("post_install", "-at_install")
class TestDictionary(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Item = cls.env["ctsp.dictionary.item"]

    def test_every_promised_dictionary_is_there(self):
        """The codes other addons build on exist and have items."""
        for code in (
            "institution_level", "institution_kind", "professional_title", "post", "trial_phase", "trial_type",
            "trial_scope", "trial_status", "drug_class", "registration_class", "ethics_review_kind", "ethics_opinion",
            "member_background", "licence_kind",
        ):
            self.assertTrue(self.Item.search_count([("dictionary_code", "=", code)]), code)
        self.assertEqual(self.Item._item("professional_title", "associate_chief_physician").mark, "senior")
        self.assertFalse(self.Item._item("professional_title", "attending_physician").mark)

    def test_disciplines(self):
        """The catalogue has its levels, the two special options and full names; pinyin finds them."""
        Discipline = self.env["ctsp.discipline"]
        respiratory = self.env.ref("ctsp_base.discipline_03_01")
        self.assertEqual(respiratory.display_name, "内科-呼吸内科专业")
        self.assertIn(respiratory.id, [row[0] for row in Discipline.name_search("hxnk")])
        self.assertEqual(Discipline.search([("is_phase1", "=", True)]).name, "Ⅰ期临床试验研究室")
        self.assertEqual(Discipline.search([("is_be", "=", True)]).name, "生物等效性")
        with self.assertRaises(UserError):
            respiratory.parent_id.parent_id = respiratory

    def test_districts(self):
        """Shanghai's 16 districts lie where they are on the map."""
        districts = self.env["ctsp.district"].search([("code", "=like", "3101%")])
        self.assertEqual(len(districts), 16)
        for district in districts:
            self.assertTrue(120.8 < district.label_longitude < 122.2 and 30.6 < district.label_latitude < 31.9)
            self.assertIn(district.boundary["type"], ("Polygon", "MultiPolygon"))
        for bad in ("31010", "31010A", "３１０１０１"):
            with self.assertRaises(ValidationError):
                districts.create({"code": bad, "name": "x"})
        with self.assertRaises(ValidationError):
            districts[0].boundary = {"type": "Point", "coordinates": [1, 2]}

    def test_items_are_found_by_code_and_pinyin(self):
        first_class = self.Item._item("institution_level", "3a")
        for words in ("三级甲等", "sjjd", "3a"):
            found = self.Item.name_search(words, [("dictionary_code", "=", "institution_level")])
            self.assertIn(first_class.id, [row[0] for row in found], words)

    def test_a_parent_is_of_the_same_dictionary(self):
        item = self.Item._item("institution_level", "3a")
        with self.assertRaises(ValidationError):
            item.parent_id = self.Item._item("post", "pi")

    def test_what_is_in_use_is_archived_not_deleted(self):
        """A row others point at cannot be deleted, by its steward neither; an unused one can."""
        steward = self.role("data_steward")
        dictionary = self.env.ref("ctsp_base.dictionary_post").with_user(steward)
        parent, child = self.Item.with_user(steward).create([
            {"dictionary_id": dictionary.id, "code": "x1", "name": "甲"},
            {"dictionary_id": dictionary.id, "code": "x2", "name": "乙"},
        ])
        child.parent_id = parent
        with self.assertRaises(UserError):
            parent.unlink()
        parent.active = False
        self.assertNotIn(parent, dictionary.item_ids)
        child.unlink()
        parent.unlink()
        self.assertFalse(parent.exists())

    def test_who_may_what(self):
        """Stewards maintain, filing officers and system administrators add and correct, everybody else reads."""
        item = self.Item._item("post", "pi")
        values = {"dictionary_id": item.dictionary_id.id, "code": "new", "name": "新岗位"}
        for user in (self.role("regulator"), self.role("interface"), self.outside("Hospital")[1]):
            self.assertEqual(item.with_user(user).name, "主要研究者")
            for attempt in (
                lambda user=user: item.with_user(user).write({"name": "x"}),
                lambda user=user: self.Item.with_user(user).create(values),
                lambda user=user: item.with_user(user).unlink(),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        for role in ("filing_officer", "system_admin"):
            created = self.Item.with_user(self.role(role)).create({**values, "code": role, "name": role})
            created.name = f"新岗位 {role}"
            with self.assertRaises(AccessError):
                created.unlink()
