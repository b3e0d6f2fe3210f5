import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools.numerals import numeral

from .common import ClauseCase
from .test_pure import LAW


class LawCase(ClauseCase):
    """A law in two versions without text, kept by a data steward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.law = cls.env["ctsp.law"].with_user(cls.steward).create({"name": "Invented Rules", "short_name": "IR"})
        cls.old, cls.new = (
            cls.env["ctsp.law.version"]
            .with_user(cls.steward)
            .create(
                [
                    {
                        "law_id": cls.law.id,
                        "name": "2020",
                        "citation": "IR 2020 ",
                        "date_from": "2020-01-01",
                        "date_to": "2025-12-31",
                    },
                    {"law_id": cls.law.id, "name": "2026", "citation": "IR 2026 ", "date_from": "2026-01-01"},
                ]
            )
        )

    def article(self, version, number, text, **values):
        return self.env["ctsp.law.article"].with_user(self.steward).create(
            {"version_id": version.id, "number": number, "text": text, **values})

    def search(self, query, **options):
        return self.env["ctsp.law.article"].with_user(self.inspector).search_text(query, **options)


@tagged("post_install", "-at_install")
class TestLaw(LawCase):
    def test_validity(self):
        """A law knows its version on a day and its status; the search by status agrees."""
        self.assertEqual(self.law._version_on(date(2025, 12, 31)), self.old)
        self.assertEqual(self.law._version_on(date(2026, 1, 1)), self.new)
        self.assertEqual((self.law.status, self.law.current_id), ("in_force", self.new))
        for status in ("in_force", "repealed", "coming", "draft", "unknown"):
            found = self.law.search([("status", "=", status), ("id", "=", self.law.id)])
            self.assertEqual(bool(found), status == "in_force", status)
        self.new.date_to = "2026-02-01"
        self.assertEqual(
            (self.law.status, bool(self.law.search([("status", "=", "repealed"), ("id", "=", self.law.id)]))),
            ("repealed", True),
        )

    def test_search_one_two_many(self):
        """Words of one, two and more characters, several words, rare characters and wild cards are found right."""
        hit = self.article(self.new, "第一条", "研究者应当取得嫦娥签署的同意书，𠮷㙓。", heading="嫦娥工程")
        self.article(self.new, "第二条", "嫦与娥分开的条文。")
        for query in ("嫦娥", "嫦娥签", "嫦娥签署的同意", "嫦娥 同意书", "𠮷㙓", "嫦娥工程"):
            self.assertEqual([found["id"] for found in self.search(query)["hits"]], hit.ids, query)
        self.assertEqual(self.search("嫦")["total"], 2)
        self.assertEqual(self.search("嫦%娥")["total"], 0)
        self.assertEqual(self.search("'; DROP TABLE x; --")["total"], 0)
        for empty in ("", "   ", None, False):
            self.assertEqual(self.search(empty)["total"], 0)
        snippet = self.search("嫦娥")["hits"][0]["snippet"]
        self.assertIn({"text": "嫦娥", "hit": True}, snippet)

    def test_search_rank_and_validity(self):
        """A hit in the heading comes first; repealed versions come only when asked for, after those in force."""
        weak = self.article(self.new, "第一条", "此处提到玉兔。")
        strong = self.article(self.new, "第二条", "玉兔玉兔。", heading="玉兔")
        old = self.article(self.old, "第一条", "玉兔玉兔玉兔。", heading="玉兔")
        self.assertEqual([hit["id"] for hit in self.search("玉兔")["hits"]], (strong | weak).ids)
        every = self.search("玉兔", in_force=False)
        self.assertEqual([hit["id"] for hit in every["hits"]], [strong.id, weak.id, old.id])
        self.assertEqual(len(self.search("玉兔", in_force=False, limit=1)["hits"]), 1)

    def test_shipped_laws(self):
        """The shipped rows say which GCP is in force, and that their articles are summaries."""
        gcp = self.env.ref("ctsp_clause.law_gcp")
        self.assertEqual(gcp._version_on(date(2026, 8, 31)), self.env.ref("ctsp_clause.law_gcp_2020"))
        self.assertEqual(gcp._version_on(date(2026, 9, 1)), self.env.ref("ctsp_clause.law_gcp_2026"))
        self.assertTrue(all(self.env["ctsp.law.article"].search([("law_id", "=", gcp.id)]).mapped("is_summary")))
        self.assertEqual(self.search("知情同意")["hits"][0]["citation"], "GCP（2026年）第二十七条")

    def test_take_over_text(self):
        """A text replaces the articles: cited ones stay the same records, those not in it go, none is a summary."""
        cited = self.article(self.new, "第一条", "summary", is_summary=True)
        gone = self.article(self.new, "第九十条", "summary")
        self.clauses[0].article_ids = cited
        wizard = self.env["ctsp.law.import"].with_user(self.steward).create(
            {"version_id": self.new.id, "file": base64.b64encode(LAW.encode("gbk")), "file_name": "law.txt"})
        self.assertEqual((wizard.article_count, wizard.chapter_count), (5, 2))
        self.assertIn("4", wizard.warning)  # articles 4 to 9 are missing
        wizard.action_apply()
        self.assertEqual(self.new.article_count, 5)
        self.assertEqual(
            (cited.text, cited.is_summary, cited.clause_ids), ("为了规范管理，制定本办法。", False, self.clauses[0])
        )
        self.assertFalse(gone.exists())
        with self.assertRaises(UserError):
            wizard.write({"file": False, "paste": "nothing"})
            wizard.action_apply()
        with self.assertRaises(AccessError):
            self.env["ctsp.law.import"].with_user(self.inspector).create({"version_id": self.new.id})

    def test_cited_article_stays(self):
        """An article that a clause rests on stays, and so do its version and its law; the law may be archived."""
        self.clauses[0].article_ids = self.article(self.new, "第一条", "x")
        for record in (self.clauses[0].article_ids, self.new, self.law):
            with self.assertRaises(UserError):
                record.unlink()
        self.law.active = False
        self.assertFalse(self.search("x", in_force=False)["total"])

    def test_reader(self):
        """The reader gets articles in order with the clauses that rest on them."""
        second, first = self.article(self.new, "第十条", "b"), self.article(self.new, "第九条", "a\n\nc")
        self.clauses[0].article_ids = first
        page = self.env["ctsp.law.version"].with_user(self.inspector).read_version(self.new.id)
        self.assertEqual([article["id"] for article in page["articles"]], [first.id, second.id])
        self.assertEqual(page["articles"][0]["paragraphs"], ["a", "c"])
        self.assertEqual([clause["id"] for clause in page["articles"][0]["clauses"]], self.clauses[0].ids)
        self.assertEqual(first.clause_ids, self.clauses[0])
        self.assertEqual(self.law.clause_count, 1)
        with self.assertRaises(UserError):
            self.env["ctsp.law.version"].with_user(self.inspector).read_version(0)

    def test_compare_without_text(self):
        """A version without text is not called the same as another one."""
        wizard = self.env["ctsp.law.compare"].create({"left_id": self.old.id, "right_id": self.new.id})
        self.assertNotIn("say the same", wizard.result)
        self.assertIn(self.old.display_name, wizard.result)

    def test_compare_versions(self):
        """Two versions of a law are compared article by article, by heading where the numbers moved."""
        self.article(self.old, "第二十三条", "签署同意书。", heading="同意")
        self.article(self.new, "第二十七条", "签署并记录同意书。", heading="同意")
        self.article(self.new, "第五十三条", "系统。")
        wizard = self.env["ctsp.law.compare"].with_user(self.inspector).create(
            {"left_id": self.old.id, "right_id": self.new.id})
        self.assertEqual((wizard.added_count, wizard.removed_count, wizard.changed_count), (1, 0, 1))
        self.assertIn("<ins>并记录</ins>", wizard.result)


PARTS = ("申办者", "研究者", "机构", "伦理审查委员会", "监查员", "统计人员", "检查员", "药品管理员")
DUTIES = ("建立质量管理制度", "保存原始记录", "培训有关人员", "报告严重不良事件", "核对试验用药品", "保护个人信息",
          "记录偏离方案的情况", "接受监督检查", "校准仪器设备", "归档必备文件")


def invented(count=80):
    """Return the lines of an invented law of ``count`` articles in eight chapters, each article unlike the others."""
    lines = ["虚构试验管理办法（示例）", "第一版"]
    for number in range(1, count + 1):
        if number % 10 == 1:
            lines.append(f"第{numeral(number // 10 + 1)}章　虚构章节{number // 10 + 1}")
        part, duty = PARTS[(number - 1) // 10 % 8], DUTIES[(number - 1) % 10]
        lines.append(f"第{numeral(number)}条　{part}应当{duty}，并在{number * 3}个工作日内完成。")
        if number % 7 == 0:
            lines += ["（一）由专人负责；", "（二）依照第一条的规定办理。"]
    return lines


@tagged("post_install", "-at_install")
class TestFullText(LawCase):
    """The client loads an official text himself: a law of 80 articles by paste, docx-like text and table."""

    def take_over(self, version, **values):
        wizard = self.env["ctsp.law.import"].with_user(self.steward).create({"version_id": version.id, **values})
        self.assertFalse(wizard.warning)
        wizard.action_apply()
        return version.article_ids.sorted()

    def workbook(self, rows):
        stream = io.BytesIO()
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(stream)
        return base64.b64encode(stream.getvalue())

    def test_eighty_articles(self):
        """Pasted, searched, and compared: one article more renumbers the rest, and only what really changed is told."""
        articles = self.take_over(self.old, paste="\n".join(invented()))
        self.assertEqual((len(articles), articles[79].number, self.old.coverage), (80, "第八十条", "full"))
        self.assertEqual(articles[6].text.splitlines()[-1], "（二）依照第一条的规定办理。")
        self.assertEqual(len(set(articles.mapped("chapter"))), 8)
        self.assertFalse(any(articles.mapped("is_summary")))
        found = self.search("伦理审查委员会 校准仪器设备", in_force=False)
        self.assertEqual([hit["citation"] for hit in found["hits"]], ["IR 2020 第三十九条"])
        texts = articles.mapped("text")
        texts[19] = texts[19].replace("60个工作日", "10个工作日")
        del texts[49]
        texts.insert(4, "使用人工智能处理原始记录的，应当验证其输出。")
        rows = [["某部门公布"], ["章节", "条号", "标题", "正文"]]
        rows += [["第一章" if at == 1 else None, at if at % 2 else f"第{numeral(at)}条", None, text]
                 for at, text in enumerate(texts, 1)]
        newer = self.take_over(self.new, file=self.workbook(rows), file_name="新版.xlsx")
        self.assertEqual((len(newer), newer[79].number, newer[79].chapter), (80, "第八十条", "第一章"))
        articles.chapter = newer.chapter = "第一章"
        compared = self.env["ctsp.law.compare"].with_user(self.inspector).create(
            {"left_id": self.old.id, "right_id": self.new.id})
        self.assertEqual(
            (compared.added_count, compared.removed_count, compared.changed_count, compared.same_count), (1, 1, 1, 78))
        self.assertIn("<del>60</del><ins>10</ins>", compared.result)

    def test_table(self):
        """A csv from Excel is read too; a table without its columns, or with a number nobody can read, says so."""
        text = "章节,条文号,条文内容\n第一章,第1条,第一条　甲应当记录。\n,第2条,乙应当记录。\n"
        articles = self.take_over(
            self.new, file=base64.b64encode(text.encode("gb18030")), file_name="法规.csv")
        self.assertEqual([(row.number, row.text, row.chapter) for row in articles],
                         [("第一条", "甲应当记录。", "第一章"), ("第二条", "乙应当记录。", "第一章")])
        for bad, words in (("甲,乙\n1,2\n", "正文"), ("条号,正文\n附则,甲\n", "2")):
            wizard = self.env["ctsp.law.import"].with_user(self.steward).create({
                "version_id": self.new.id, "file": base64.b64encode(bad.encode()), "file_name": "法规.csv"})
            self.assertIn(words, wizard.warning)
            self.assertFalse(wizard.article_count)
