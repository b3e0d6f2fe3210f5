from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_document.tools import blocks, filters, language

from .common import TEMPLATE, DocumentCase

VALUES = {"name": "甲", "rows": [{"no": "1", "parts": [{"x": "y"}]}], "empty": "", "nothing": None}
ATTACKS = (
    "{{ ''.__class__ }}", "{{ name.upper() }}", "{{ name.__class__.__mro__ }}", "{% set a = 1 %}", "{{ name * 99999 }}",
    "{{ name ~ name }}", "{% macro m() %}{% endmacro %}", "{% include 'x' %}", "{% import 'x' as y %}",
    "{{ name|safe }}",
    "{{ rows[0] }}", "{{ rows.pop() }}", "{{ range(9) }}", "{{ cycler() }}", "{{ title.__globals__ }}", "{{ self }}",
    "{% filter upper %}a{% endfilter %}", "{{ '%s' % name }}", "{{ 2 ** 999999 }}", "{{ rows|map('upper') }}",
    "{% for a in rows recursive %}{{ loop(a) }}{% endfor %}", "{% extends 'x' %}", "{% block a %}{% endblock %}",
    "{{ para(*rows) }}", "{{ facts(**rows) }}", "<script>x</script>", "<iframe src=x>", "<link rel=attachment href=x>",
    "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% for d in rows %}{% for e in rows %}"
    "{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
)


@tagged("post_install", "-at_install")
class TestTemplate(DocumentCase):

    def test_fence(self):
        """What is not value, condition, repetition or block is refused, before and while it is run."""
        parts = blocks.Blocks(blocks.Paper(title="t")).functions()
        for source in ATTACKS:
            self.assertTrue(language.check(source, VALUES, parts), source)
            with self.assertRaises(language.TemplateFault, msg=source):
                language.render(source, VALUES, parts)

    def test_markup_in_values(self):
        """Values are text: no markup of theirs reaches the paper, by no block."""
        parts = blocks.Blocks(blocks.Paper(
            title="<b>", signatures=[{"role": "r", "label": "<b>", "name": "<b>", "refused": True}]))
        evil = "<img src=x>"
        rows = [{"no": evil, "question": evil, "answer": evil, "image": evil, "caption": evil}]
        source = ("{{ v }}{{ para(v) }}{{ title(v, v) }}{{ facts([(v, v)]) }}{{ grid(rows, [(v, 'no')]) }}"
                  "{{ box(v, v) }}"
                  "{{ check(v, v) }}{{ dialogue(rows) }}{{ photos(rows) }}{{ signatures(['r']) }}{{ letterhead(v) }}"
                  "{{ closing(v) }}{{ heading(v) }}{{ number(v) }}{{ rows|join('、', 'no') }}")
        html = language.render(source, {"v": evil, "rows": rows}, parts.functions())
        self.assertNotIn("<img src=x>", html.replace('<img src="image:', ""))
        self.assertNotIn("<b>", html)

    def test_problems_name_line_and_value(self):
        """Errors say the line and the name, unknown names the nearest known one."""
        template = self.env["ctsp.document.template"].create({"type_id": self.kind.id, "content": (
            "<p>\n{{ nmae }}\n{% for line in lines %}\n{{ line.contnt }}\n{% endfor %}\n{{ titel() }}")})
        first, second, third = template.problem_text.splitlines()
        self.assertRegex(first, r"Line 2: .*nmae.*“name”")
        self.assertRegex(second, r"Line 4: .*line\.contnt.*“content”")
        self.assertRegex(third, r"Line 6: .*titel.*“title”")
        template.content = "a\n{% if name %}\nb"
        self.assertRegex(template.problem_text, r"“if”")
        template.content = "{{ facts([(1)]) }}"
        self.assertTrue(template.problem_text)
        with self.assertRaises(UserError):
            template.run_transition("publish")
        self.assertEqual(template.with_context(lang="zh_CN").preview("{{ x }}")["pdf"], False)

    def test_versions(self):
        """Publishing makes a version current and keeps the earlier one readable; published ones are fixed."""
        steward = self.role("data_steward")
        old = self.template.with_user(steward)
        new = self.env["ctsp.document.template"].with_user(steward).browse(old.action_next_version()["res_id"])
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertEqual(old.action_next_version()["res_id"], new.id, "one draft at a time")
        new.content = "{{ title() }}\n<p>新版</p>"
        new.run_transition("publish")
        self.assertEqual((old.state, new.state, self.kind.template_id), ("retired", "published", new.sudo()))
        for template in old, new:
            with self.assertRaises(UserError):
                template.content = "x"
        wizard = self.env["ctsp.document.template.compare"].with_user(steward).browse(new.action_compare()["res_id"])
        self.assertIn("新版", wizard.table)
        self.assertTrue(wizard.summary)

    def test_who_edits(self):
        """Data stewards and system administrators keep templates and previews; inspectors read them only."""
        for role in ("data_steward", "system_admin"):
            template = self.env["ctsp.document.template"].with_user(self.role(role)).create(
                {"type_id": self.kind.id, "content": "{{ title() }}"})
            self.assertTrue(template.preview()["pdf"])
            self.assertTrue(template.guide["blocks"])
            self.assertEqual(template.document_count, 0)
        with self.assertRaises(AccessError):
            self.template.with_user(self.inspector).action_next_version()
        with self.assertRaises(AccessError):
            self.env["ctsp.document.template"].with_user(self.inspector).create(
                {"type_id": self.kind.id, "content": "x"})
        with self.assertRaises(AccessError):
            template.with_user(self.inspector).run_transition("publish")

    def test_number_format(self):
        """Whoever keeps the type keeps its 文书字号; the year may not be left out."""
        kind = self.kind.with_user(self.role("system_admin"))
        kind.number_prefix = "沪检〔{年}〕"
        self.assertEqual(self.sequence.prefix, "沪检〔%(range_year)s〕")
        self.assertEqual(kind.number_example, f"沪检〔{clock.today().year}〕0001号")
        with self.assertRaises(UserError):
            kind.number_prefix = "沪检"

    def test_filters(self):
        """Dates and numerals as Chinese papers write them (GB/T 9704-2012)."""
        self.assertEqual(filters.chinese_date("2026-03-05"), "2026年3月5日")
        self.assertEqual(filters.chinese_time("2026-03-05 09:05:00"), "2026年3月5日9时05分")
        self.assertEqual([filters.numeral(it) for it in (0, 3, 10, 12, 20, 101, 110, 1010, 1003)],
                         ["零", "三", "十", "十二", "二十", "一百零一", "一百一十", "一千零一十", "一千零三"])

    def test_renewed_by_the_platform(self):
        """What the platform shipped gets its next version, once; what an administrator made his own is left alone."""
        templates = self.env["ctsp.document.template"]
        content = {self.kind.code: TEMPLATE + "<p>新版</p>"}
        self.assertFalse(templates._renew_shipped("ctsp_test_document", content, "新版"))
        self.env["ir.model.data"].create({
            "module": "ctsp_test_document", "name": "shipped", "model": templates._name, "res_id": self.template.id})
        fresh = templates._renew_shipped("ctsp_test_document", content, "新版")
        self.assertEqual((self.kind.template_id, fresh.version, self.template.state), (fresh, 2, "retired"))
        self.assertFalse(templates._renew_shipped("ctsp_test_document", content, "新版"))
        next_content = {self.kind.code: TEMPLATE + "<p>再新版</p>"}
        third = templates._renew_shipped("ctsp_test_document", next_content, "再新版")
        self.assertEqual(third.version, 3)
        own = templates.browse(third.action_next_version()["res_id"])
        own.content += "<p>本单位</p>"
        own.run_transition("publish")
        self.assertFalse(templates._renew_shipped("ctsp_test_document", content, "新版"))
        self.assertEqual(self.kind.template_id, own)
