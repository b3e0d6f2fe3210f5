from functools import partial
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, sql

from odoo.addons.ctsp_crypto.tools import migration, naming
from odoo.addons.ctsp_filing.tests.common import FilingCase

TOUCHED = ["ctsp.institution", "ctsp.specialty", "ctsp.person", "ctsp.trial", "ctsp.filing", "ctsp.filing.specialty",
           "ctsp.filing.person"]


@tagged("post_install", "-at_install")
class TestAddedOutside(FilingCase):
    """A field added on screen, and institutions: closed unless opened; what they fill in reaches the registry."""

    def setUp(self):
        self.addCleanup(self._forget_columns)  # runs last: after the columns are rolled back
        super().setUp()

    def _forget_columns(self):
        """The registry outlives the transaction in which the columns were made."""
        self.registry._setup_models__(self.cr, TOUCHED)

    def add(self, model, **values):
        values = {"model_id": self.env["ir.model"]._get(model).id, "name": "Isolation Ward", "kind": "char"} | values
        return self.env["ctsp.studio.field"].with_user(self.role("system_admin")).create(values)

    def arch(self, model, user, view):
        view_id = self.env.ref(view).id if view else False
        return etree.fromstring(self.env[model].with_user(user).get_view(view_id, "form")["arch"])

    def test_closed_by_default(self):
        """The default: institutions neither read, search nor write it, and no desk form shows it."""
        for model, view in (
            ("ctsp.institution", "ctsp_institution.ctsp_institution_view_form_desk"),
            ("ctsp.filing", "ctsp_filing.ctsp_filing_desk_view_form"),
        ):
            with self.subTest(model=model):
                name = self.add(model).technical_name
                record = self.change() if model == "ctsp.filing" else self.institution
                record = record.with_user(self.outsider)
                with self.assertRaises(AccessError):
                    record.read([name])
                with self.assertRaises(AccessError):
                    record.search([(name, "=", "x")])
                with self.assertRaises(AccessError):
                    record.write({name: "x"})
                self.assertNotIn(name, record.fields_get())
                self.assertIsNone(self.arch(model, self.outsider, view).find(f".//field[@name='{name}']"))
                self.assertIsNotNone(self.arch(model, self.officer, False).find(f".//field[@name='{name}']"))

    def test_a_field_of_the_institution_goes_by_the_filing(self):
        """Filled in on the desk → compared → approved → registry and version; list and search show it."""
        name = self.add("ctsp.institution", outside="write").technical_name
        desk = self.arch("ctsp.filing", self.outsider, "ctsp_filing.ctsp_filing_desk_view_form")
        self.assertIsNotNone(desk.find(f".//field[@name='{name}']"))
        with self.assertRaises(AccessError):
            self.institution.with_user(self.outsider).write({name: "directly"})
        filing = self.change()
        filing.write({name: "负压病房（示例）"})
        with self.assertRaises(AccessError):
            filing.with_user(self.stranger).write({name: "x"})
        filing = self.accepted(filing)
        self.assertIn("负压病房（示例）", str(filing.diff_html))
        with self.assertRaises(UserError):
            filing.write({name: "after submission"})
        self.answer_checklist(filing)
        filing.run_transition("approve")
        self.assertEqual(self.institution[name], "负压病房（示例）")
        version = self.institution._latest_version()
        self.assertEqual(version.content["values"][name], "负压病房（示例）")
        self.assertIn("Isolation Ward", str(version.changes_html))
        reader = self.institution.with_user(self.officer)
        self.assertEqual(reader.search([(name, "=", "负压病房（示例）")]), self.institution)
        for view_type in ("list", "search"):
            self.assertIn(name, reader.get_view(view_type=view_type)["arch"])

    def test_a_field_of_a_specialty_goes_by_its_row(self):
        """In the rows of a filing, new ones and those that stand for the registry's."""
        name = self.add("ctsp.specialty", kind="integer", outside="write").technical_name
        for view in ("ctsp_filing.ctsp_filing_desk_view_form", "ctsp_filing.ctsp_filing_view_form"):
            arch = self.arch("ctsp.filing", self.outsider if "desk" in view else self.officer, view)
            self.assertTrue(arch.findall(f".//field[@name='specialty_ids']//field[@name='{name}']"), view)
        filing = self.change()
        filing.specialty_ids[0].write({name: 12})
        self.add_specialty(filing, **{name: 7})
        self.env["ctsp.check"].search([("level", "=", "blocking")]).level = "warning"  # not about trials proven
        self.approved(filing)
        self.env.invalidate_all()
        values = {row.name: row[name] for row in self.institution.specialty_ids}
        self.assertEqual(values, {self.discipline.name: 12, self.new_discipline.name: 7})

    def test_a_filing_older_than_the_field_empties_nothing(self):
        """A filing begun before the field existed says nothing about it."""
        filing = self.change(name="示例新名医院（示例）")
        name = self.add("ctsp.institution", outside="write").technical_name
        self.institution[name] = "entered by the regulator"
        self.approved(filing)
        self.assertEqual(self.institution[name], "entered by the regulator")

    def test_a_field_of_the_filing_itself(self):
        name = self.add("ctsp.filing", outside="write").technical_name
        filing = self.change(name="示例新名医院（示例）")
        filing[name] = "said in the filing"
        filing = self.accepted(filing)
        with self.assertRaises(UserError):
            filing[name] = "changed"
        with self.assertRaises(UserError):
            filing.with_user(self.outsider)[name] = "changed"

    def test_opened_and_closed_again(self):
        """Switching it off closes the desk at once and keeps what the registry holds."""
        field = self.add("ctsp.institution")
        name = field.technical_name
        field.outside = "write"
        filing = self.change()
        filing[name] = "yes"
        field.outside = "hidden"
        with self.assertRaises(AccessError):
            filing.with_user(self.outsider).write({name: "no"})
        desk = self.arch("ctsp.filing", self.outsider, "ctsp_filing.ctsp_filing_desk_view_form")
        self.assertIsNone(desk.find(f".//field[@name='{name}']"))

    def test_personal_values_are_masked_in_the_comparison(self):
        """A personal field filled in from outside is masked for officers who may not see personal data."""
        name = self.add("ctsp.person", personal=True, outside="write").technical_name
        filing = self.change()
        filing.person_ids[0].write({name: "秘密住址甲乙丙丁"})
        filing = self.accepted(filing)
        self.assertNotIn("秘密住址甲乙丙丁", str(filing.diff_html))
        self.assertNotIn("秘密住址甲乙丙丁", str(filing.sudo().person_ids.mapped("base_values")))

    def test_personal_values_lie_encrypted(self):
        """The column of a personal field is ciphertext; found by the whole value, masked for others, gone with it."""
        field = self.add("ctsp.institution", name="Private Line", personal=True)
        name, index = field.technical_name, f"crypto_index_{field.technical_name}"
        day = self.add("ctsp.institution", name="Private Day", kind="date", personal=True).technical_name
        self.institution.sudo().write({name: "E 9988-7766", day: "1999-02-03", "correction_reason": "test"})
        self.env.flush_all()
        self.cr.execute(SQL("SELECT %s, %s, %s FROM ctsp_institution WHERE id = %s", SQL.identifier(name),
                            SQL.identifier(index), SQL.identifier(day), self.institution.id))
        stored = self.cr.fetchone()
        self.assertTrue(all(isinstance(value, memoryview) and b"99" not in bytes(value) for value in stored))
        self.env.invalidate_all()
        clear = self.institution.with_user(self.role("filing_officer", personal=True))
        self.assertEqual((clear[name], str(clear[day])), ("E 9988-7766", "1999-02-03"))
        self.assertEqual(clear.search([(name, "=", "e9988-7766"), (day, "=", "1999-02-03")]), clear)
        with self.assertRaises(UserError):
            clear.search([(name, "ilike", "9988")])
        masked = self.institution.with_user(self.role("filing_officer"))
        self.assertEqual(masked[f"{name}_masked"], "***")
        with self.assertRaises(AccessError):
            masked.read([name])
        search = clear.get_view(view_type="search")["arch"]
        self.assertEqual(etree.fromstring(search).find(f".//field[@name='{name}']").get("operator"), "=")
        clear.sudo().write({name: False, "correction_reason": "test"})
        field.unlink()
        self.assertFalse(sql.column_exists(self.cr, "ctsp_institution", index))

    def test_personal_values_of_an_older_release(self):
        """Kept in clear before fields were encrypted: an update encrypts them, also where one was interrupted."""
        name = self.add("ctsp.institution", name="Private Line", personal=True).technical_name
        day = self.add("ctsp.institution", name="Private Day", kind="date", personal=True).technical_name
        self.env.flush_all()
        for column, kind, value in ((name, "varchar", "E 9988-7766"), (day, "date", "1999-02-03")):
            self.cr.execute(SQL("ALTER TABLE ctsp_institution DROP COLUMN %(name)s, ADD COLUMN %(name)s %(kind)s",
                                name=SQL.identifier(column), kind=SQL(kind)))
            self.cr.execute(SQL("UPDATE ctsp_institution SET %s = %s WHERE id = %s",
                                SQL.identifier(column), value, self.institution.id))
        self.env.invalidate_all()
        with patch.object(migration, "encrypt_table"):  # killed before the first batch was committed
            self.env["ctsp.studio.field"]._seal_columns()
        self.assertTrue(sql.column_exists(self.cr, "ctsp_institution", naming.clear(name)))
        with patch.object(migration, "encrypt_table", partial(migration.encrypt_table, commit=lambda: None)):
            self.env["ctsp.studio.field"]._seal_columns()
        columns = sql.table_columns(self.cr, "ctsp_institution")
        self.assertEqual({columns[column]["udt_name"] for column in (name, day)}, {"bytea"})
        self.assertFalse([column for column in columns if column.startswith(naming.clear(""))])
        self.cr.execute(SQL("SELECT t::text FROM ctsp_institution t WHERE id = %s", self.institution.id))
        self.assertNotIn("9988", self.cr.fetchone()[0])
        self.env.invalidate_all()
        clear = self.institution.with_user(self.role("filing_officer", personal=True))
        self.assertEqual((clear[name], str(clear[day])), ("E 9988-7766", "1999-02-03"))
        self.assertEqual(clear.search([(name, "=", "e9988-7766"), (day, "=", "1999-02-03")]), clear)

    def test_personal_values_have_their_place_in_filings(self):
        """What a proposal is compared with would lie in clear: personal fields of institutions are the regulator's."""
        with self.assertRaisesRegex(ValidationError, "For Institutions"):
            self.add("ctsp.institution", personal=True, outside="write")

    def test_trials_are_kept_by_the_regulator(self):
        """Institutions enter no trials: a field may be shown to them, not filled in; by default it is not shown."""
        with self.assertRaises(ValidationError):
            self.add("ctsp.trial", outside="write")
        hidden = self.add("ctsp.trial", name="Hidden").technical_name
        shown = self.add("ctsp.trial", name="Shown", outside="read").technical_name
        trial = self.env["ctsp.trial"].create({"name": "示例试验（示例）", hidden: "a", shown: "b"})
        self.env["ctsp.trial.site"].create({
            "trial_id": trial.id, "institution_id": self.institution.id, "specialty_id": self.specialty.id})
        trial = trial.with_user(self.outsider)
        self.assertEqual(trial.read([shown])[0][shown], "b")
        with self.assertRaises(AccessError):
            trial.read([hidden])

    def test_only_the_system_administrator_decides(self):
        field = self.add("ctsp.institution")
        for role in ("filing_officer", "data_steward", "security_admin"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                field.with_user(self.role(role)).outside = "write"
