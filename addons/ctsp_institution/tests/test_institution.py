from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.export_reader import Reader, resolve

from .common import RegistryCase

USCC = "12990000DEM0000010"


@tagged("post_install", "-at_install")
class TestInstitution(RegistryCase):
    """The institution: identity, search, counters, company."""

    def test_company_comes_with_it(self):
        """Each institution owns a company of its own, which takes over its name and cannot be exchanged."""
        officer = self.role("filing_officer")
        institution = self._institution("示例第三医院（示例）").with_user(officer)
        company = institution.sudo().partner_id
        self.assertTrue(company.is_company)
        self.assertEqual(institution.sudo().owner_partner_id, company)
        institution.name = "示例第三人民医院（示例）"
        self.assertEqual(company.name, "示例第三人民医院（示例）")
        with self.assertRaises(UserError):
            institution.partner_id = self.institution.partner_id

    def test_unknown_beds_are_blank(self):
        """An unknown number of beds is no nought: on screens, in exports and sums; the 0 of who has none stays 0."""
        none, some = (self._institution(f"示例第{n}医院（示例）", bed_count=n) for n in (0, 7))
        rows = self.institution | none | some
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["ctsp.institution"].with_user(self.role("regulator"))
        read = [row["bed_count"] for row in model.browse(rows.ids).web_read({"bed_count": {}})]
        self.assertEqual(list(map(repr, read)), ["False", "0", "7"])
        exported = [cells for (cells,) in Reader(model, [resolve(model, "bed_count")]).rows(rows.ids)]
        self.assertEqual(exported, [None, 0, 7])
        self.assertEqual(rows.export_data(["bed_count"])["datas"], [[""], [0], [7]])
        self.assertEqual(rows.search([("id", "in", rows.ids), ("bed_count", "=", False)]), self.institution)
        self.assertEqual(rows._read_group([("id", "in", rows.ids)], [], ["bed_count:sum"]), [(7,)])
        new = self.env["ctsp.institution"].onchange({}, [], {"bed_count": {}})["value"]
        self.assertIs(new["bed_count"], False, "a new form does not fill it")
        some.bed_count = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(some.bed_count, False)

    def test_found_by_every_name_it_has(self):
        """Name, former name, pinyin initials of both, filing number and credit code find the institution."""
        self.institution.write({
            "uscc": USCC, "former_name_ids": [Command.create({"name": "示例红十字医院（示例）"})]})
        model = self.env["ctsp.institution"].with_user(self.role("regulator"))
        for text in ("第一医院", "红十字", "sldyyy", "slhsz", "2099000001", USCC):
            with self.subTest(text):
                self.assertIn(self.institution.id, [row[0] for row in model.name_search(text)])

    def test_codes_are_normalised_and_checked(self):
        """Codes typed in full width or lower case are stored as written by law; a wrong check character is refused."""
        self.institution.uscc = "１２990000dem0000010 "
        self.assertEqual(self.institution.uscc, USCC)
        for values in ({"uscc": "12990000DEM0000011"}, {"record_no": "药临床机构备字209900"}, {"record_no": False}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.institution.write(values)

    def test_codes_are_unique(self):
        """Two institutions cannot share a filing number or a credit code; two without a code can exist."""
        self._institution("示例无号医院一（示例）")
        other = self._institution("示例无号医院二（示例）")
        self.institution.uscc = USCC
        for values in ({"uscc": USCC}, {"record_no": "药临床机构备字2099000001"}):
            with self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), \
                    self.env.cr.savepoint():
                other.write(values)

    def test_officers_come_from_posts(self):
        """Legal representative, head, director and secretary are those who hold the post today."""
        self.person.post_ids = [
            Command.create({"post_id": self.item("post", "director").id, "date_from": "2020-01-01"}),
            Command.create({"post_id": self.item("post", "office_secretary").id, "date_to": "2021-01-01"}),
        ]
        self.assertEqual(self.institution.head_id, self.person)
        self.assertFalse(self.institution.secretary_id)
        self.assertEqual(self.person.current_posts, self.item("post", "director").name)

    def test_terms_follow_the_clock_of_china(self):
        """Posts and terms begin and end by the platform's clock, whatever time zone the reader's browser has."""
        today = clock.today()
        tomorrow = Date.add(today, days=1)
        self.person.post_ids = [Command.create({"post_id": self.item("post", "director").id, "date_from": tomorrow})]
        self.committee.term_to = today
        self.patch(clock, "today", lambda: tomorrow)
        self.env.invalidate_all()
        post = self.person.post_ids
        self.assertTrue(post.is_current)
        self.assertEqual(post.search([("id", "=", post.id), ("is_current", "=", True)]), post)
        self.assertEqual(self.committee.expiry_state, "expired")
        found = self.committee.search([("id", "=", self.committee.id), ("expiry_state", "in", ["expired"])])
        self.assertEqual(found, self.committee)

    def test_licence_expiry(self):
        """A licence is expired, expiring or valid by the parameter; the facet finds the same."""
        today = clock.today()
        days = self.env["ctsp.parameter"]._get("licence.expiry_warning_days")
        kind = self.item("licence_kind", "practice")
        expected = {"expired": -1, "expiring": days, "valid": days + 1, "open": None}
        licences = {
            state: self.env["ctsp.licence"].create({
                "institution_id": self.institution.id, "kind_id": kind.id, "number": state,
                "valid_to": Date.add(today, days=offset) if offset is not None else False,
            }) for state, offset in expected.items()
        }
        for state, licence in licences.items():
            self.assertEqual(licence.expiry_state, state)
            found = self.env["ctsp.licence"].search([
                ("institution_id", "=", self.institution.id), ("expiry_state", "=", state)])
            self.assertEqual(found, licence)
        self.assertEqual(self.institution.licence_warning_count, 2)

    def test_licence_copy_is_what_it_says(self):
        """A copy whose content is not what its extension says is refused; an accepted one has its SM3 digest."""
        kind = self.item("licence_kind", "practice")
        values = {"institution_id": self.institution.id, "kind_id": kind.id, "number": "1"}
        with self.assertRaises(ValidationError):
            self.env["ctsp.licence"].create({**values, "filename": "a.pdf", "file": b"TVqQAAM="})
        licence = self.env["ctsp.licence"].create({
            **values, "filename": "a.pdf", "file": b"JVBERi0xLjQKJeLjz9MKdHJhaWxlcgo8PD4+CiUlRU9GCg=="})
        self.assertEqual(len(licence.file_digest), 64)
        self.end_transaction()
        node = next(n for n in self.institution._latest_version().content["children"]["licence_ids"]
                    if n["id"] == licence.id)
        self.assertEqual(node["values"]["file_digest"], licence.file_digest)

    def test_site_position(self):
        """A position given in another system is stored as WGS-84; half a position and swapped axes are refused."""
        site = self.institution.site_ids[:1]
        site.write({"source_crs": "gcj02", "source_longitude": 121.49972, "source_latitude": 31.23972})
        self.assertAlmostEqual(site.longitude, 121.4952, places=3)
        for values in ({"source_latitude": 0}, {"source_longitude": 31.2, "source_latitude": 121.4}):
            with self.subTest(values), self.assertRaises(ValidationError):
                site.write(values)

    def test_one_main_site(self):
        """An institution has one main site."""
        with self.assertRaises(ValidationError):
            self.institution.site_ids = [Command.create({"name": "东院", "address": "x", "is_main": True})]

    def test_filed_institution_cannot_be_deleted(self):
        """Not even the steward deletes what was filed; the filing officer deletes nothing."""
        for record in (self.institution, self.specialty, self.person, self.committee):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.with_user(self.role("data_steward")).unlink()
        with self.assertRaises(AccessError):
            self.specialty.with_user(self.role("filing_officer")).unlink()

    def test_list_costs_a_constant_number_of_queries(self):
        """Eighty rows of the list cost as many queries as ten: counters and badges are read in bulk."""
        names = ["record_no", "name", "district_id", "specialty_count", "person_count", "site_count",
                 "ethics_committee_count", "licence_warning_count", "state", "head_id", "office_director_id"]
        for number in range(80):
            institution = self._institution(f"示例批量医院{number}（示例）")
            self.env["ctsp.person"].create({
                "name": f"批量{number}（示例）", "institution_id": institution.id,
                "post_ids": [Command.create({"post_id": self.item("post", "director").id})]})
        model = self.env["ctsp.institution"].with_user(self.role("regulator"))

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.search_fetch([("name", "like", "示例批量医院")], limit=limit).read(names)
            return self.env.cr.sql_log_count - before

        cost(10)
        self.assertEqual(cost(80), cost(10))

    def test_counters_of_one_form_are_one_query(self):
        """The form's counters are counted together, and are those that lists count one by one."""
        model = self.env["ctsp.institution"].with_user(self.role("regulator"))
        names = list(model._counters())
        one = model.browse(self.institution.id)
        one.mapped(names[0])
        self.env.invalidate_all()
        self.env.flush_all()
        one.fetch(["name"])
        with self.assertQueryCount(1):
            together = one.read(names)[0]
        self.env.invalidate_all()
        other = self._institution("示例第二医院（示例）")
        alone = (one | other).read(names)
        self.assertEqual(alone[0], together)
        self.assertEqual((together["person_count"], together["specialty_count"], together["site_count"]), (1, 1, 1))
        self.assertEqual(alone[1]["person_count"], 0)
