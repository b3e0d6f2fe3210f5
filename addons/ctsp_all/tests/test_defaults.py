import ast

from lxml import etree

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

UNWANTED = ("iap", "sms", "snailmail", "partner_autocomplete", "mail_bot", "iap_mail")


@tagged("post_install", "-at_install")
class TestDefaults(CtspCase):
    """A fresh database is the regulator's own: its register, its language, none of Odoo's noise."""

    def test_real_register_is_loaded(self):
        """The 74 institutions of the public list of September 2026 came in through the import engine."""
        filed = self.env["ctsp.institution"].search([("data_source", "!=", False), ("state", "=", "filed")])
        real = filed.filtered(lambda institution: "示例" not in institution.name)
        self.assertEqual(len(real), 74)
        self.assertTrue(all(real.mapped("district_id")))

    def test_noise_is_not_installed(self):
        installed = self.env["ir.module.module"].search([("name", "in", UNWANTED), ("state", "=", "installed")])
        self.assertFalse(installed.mapped("name"))

    def test_no_store_and_no_chat_for_anybody(self):
        names = {menu.get("xmlid") for menu in self.env["ir.ui.menu"].load_menus(False).values()}
        self.assertFalse(names & {"base.menu_management", "mail.menu_root_discuss"})

    def test_menus_of_keys_say_whose(self):
        menus = self.env["ir.ui.menu"].with_context(lang="zh_CN").search([("action", "!=", False)])
        names = [menu.name for menu in menus if "密钥" in menu.name]
        self.assertGreater(len(names), 1)
        self.assertEqual(len(set(names)), len(names), sorted(names))

    def test_papers_have_no_room_for_a_head(self):
        """What a report prints by itself has the margins of our papers, not those of Odoo's letters."""
        reports = self.env["ir.actions.report"].search([
            ("report_name", "=like", "ctsp%"), ("report_type", "=", "qweb-pdf"), ("model", "not like", "test")])
        self.assertTrue(reports)
        self.assertEqual(reports.paperformat_id, self.env.ref("ctsp_base.paperformat"))
        self.assertFalse(reports.filtered(lambda report: not report.paperformat_id).mapped("report_name"))

    def test_everybody_new_speaks_chinese_in_shanghai_time(self):
        partner = self.env["res.partner"].create({"name": "New"})
        self.assertEqual((partner.lang, partner.tz), ("zh_CN", "Asia/Shanghai"))

    def test_saved_searches_of_statistics_open(self):
        """Statistics have saved searches for everybody; the fields, groups and measures of each exist."""
        saved = self.env["ir.filters"].search([("model_id", "like", "ctsp."), ("user_ids", "=", False)])
        statistics = {"ctsp.filing.report", "ctsp.annual.figure", "ctsp.trial.report", "ctsp.institution.report",
                      "ctsp.inspection.report", "ctsp.plan.report"}
        self.assertLessEqual(statistics, set(saved.mapped("model_id")))
        for search in saved:
            with self.subTest(search=search.name):
                shown = ast.literal_eval(search.context)
                model = self.env[search.model_id].with_user(self.role("leader"))
                measures = [
                    name if name == "__count" else f"{name}:{model._fields[name].aggregator or 'count_distinct'}"
                    for name in shown.get("pivot_measures", [])]
                groups = [*shown.get("pivot_row_groupby", []), *shown.get("pivot_column_groupby", [])]
                model._read_group(search._get_eval_domain(), groups, measures)

    def test_bars_above_cards_can_be_grouped_by(self):
        """The bar of a kanban view counts by its field: one the database cannot group by breaks the screen."""
        views = self.env["ir.ui.view"].search([("type", "=", "kanban"), ("model", "like", "ctsp.")])
        for view in views:
            for bar in etree.fromstring(view.arch_db).iter("progressbar"):
                field = self.env[view.model]._fields[bar.get("field")]
                self.assertTrue(field._description_groupable(self.env), f"{view.name}: {field.name}")
