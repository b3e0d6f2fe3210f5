from datetime import date

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestLanguage(CtspCase):
    """Headings that Odoo words in its own way."""

    def heading(self, granularity):
        days = self.env["ctsp.workday"].with_context(lang="zh_CN", tz="Asia/Shanghai")
        day = days.search([], limit=1)
        day.date = date(2099, 11, 23)
        groups = days.formatted_read_group([("id", "=", day.id)], [f"date:{granularity}"], ["__count"])
        return groups[0][f"date:{granularity}"][1]

    def test_periods_read_as_in_chinese(self):
        wanted = {"year": "2099年", "quarter": "2099年第4季度", "month": "2099年11月", "day": "2099-11-23"}
        self.assertEqual({name: self.heading(name) for name in wanted}, wanted)
        self.assertRegex(self.heading("week"), r"^2099年第4[78]周$")

    def test_moments_follow_the_readers_day(self):
        event = self.env["ctsp.audit.event"].with_context(lang="zh_CN", tz="Asia/Shanghai")
        self.env["ctsp.audit.port"]._log("test")
        [group] = event.formatted_read_group([("event", "=", "test")], ["date:day"], ["__count"])
        self.assertRegex(group["date:day"][1], r"^\d{4}-\d\d-\d\d$")

    def test_a_role_is_named_once(self):
        role = self.env.ref("ctsp_base.group_filing_officer")
        self.assertEqual(role.display_name, role.name)
