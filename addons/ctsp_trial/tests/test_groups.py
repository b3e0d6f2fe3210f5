from odoo.tests import tagged

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestGroups(TrialCase):
    """Pages of groups that come from the linked table are what Odoo's own grouping gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for institutions in ([cls.a], [cls.b, cls.a], [cls.b], []):
            cls.trial(institutions=institutions)
        cls.trials = cls.env["ctsp.trial"].with_user(cls.leader)

    def groups(self, domain=(), **options):
        options.setdefault("aggregates", ["local_planned:sum"])
        return self.trials.web_read_group(list(domain), ["specialty_id"], **options)

    def test_pages_are_parts_of_the_whole(self):
        whole = self.groups()
        self.assertGreater(whole["length"], 2)
        pages = [self.groups(limit=1, offset=number)["groups"] for number in range(whole["length"])]
        self.assertEqual([page[0]["specialty_id"] for page in pages], [g["specialty_id"] for g in whole["groups"]])
        self.assertEqual([page[0]["__count"] for page in pages], [g["__count"] for g in whole["groups"]])
        self.assertEqual(
            [page[0]["local_planned:sum"] for page in pages], [g["local_planned:sum"] for g in whole["groups"]])
        self.assertEqual(self.groups(limit=1)["length"], whole["length"], "the pager knows all groups")

    def test_trials_without_specialty_come_last(self):
        whole = self.groups()
        self.assertFalse(whole["groups"][-1]["specialty_id"])
        last = self.groups(limit=2, offset=whole["length"] - 2)
        self.assertEqual([g["specialty_id"] for g in last["groups"]], [g["specialty_id"] for g in whole["groups"][-2:]])

    def test_only_what_is_searched_for(self):
        found = self.groups([("institution_id", "=", self.b.id)], limit=1)
        self.assertEqual((found["length"], found["groups"][0]["__count"]), (1, 2))
        self.assertEqual(found["groups"][0]["specialty_id"][0], self.specialty_b.id)

    def test_groups_follow_the_institutions_number(self):
        self.a.record_no = "药临床机构备字2099999999"
        order = [g["specialty_id"][0] for g in self.groups()["groups"] if g["specialty_id"]]
        self.assertLess(order.index(self.specialty_b.id), order.index(self.specialty_a.id))
