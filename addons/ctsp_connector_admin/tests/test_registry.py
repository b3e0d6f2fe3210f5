import json

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import hosts, schema

from .common import TaskCase


@tagged("post_install", "-at_install")
class TestRegistry(TaskCase):
    """What the inspection system is told of ethics committees and people: what supervision needs, nothing personal."""

    ID_NUMBER, MOBILE, EMAIL = "310101198001010018", "13912345678", "someone@x.example"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        item = cls.env["ctsp.dictionary.item"]
        cls.background = item.search([("dictionary_code", "=", "member_background")], limit=1)
        cls.committee = cls.env["ctsp.ethics.committee"].create({
            "institution_id": cls.institution.id, "name": "示例伦理委员会二（示例）", "filing_no": "示例-EC-2",
            "term_from": "2024-01-01", "term_to": "2027-12-31", "charter_version": "V2", "charter_date": "2024-01-02",
            "sop_version": "V3", "sop_date": "2025-06-01", "contact_name": "联系人丙（示例）",
            "contact_phone": cls.MOBILE, "note": "内部备注（示例）", "member_ids": [
                Command.create({"name": "主任委员（示例）", "gender": "female", "role": "chair",
                                "background_id": cls.background.id, "gcp_date": "2025-03-01"}),
                Command.create({"name": "外单位委员（示例）", "gender": "male", "is_external": True,
                                "employer": "示例律所（示例）"})]})
        cls.someone = cls.env["ctsp.person"].create({
            "name": "无岗位人员（示例）", "institution_id": cls.institution.id, "id_number": cls.ID_NUMBER,
            "mobile": cls.MOBILE, "email": cls.EMAIL, "birth_date": "1980-01-01", "education": "doctor",
            "title_id": item._item("professional_title", "chief_physician").id, "practice_no": "示例-执业-1",
            "qualification_no": "示例-资格-" + cls.ID_NUMBER, "note": "内部备注（示例）",
            "gcp_ids": [Command.create({"certificate_no": "GCP-9", "date": "2025-03-01", "valid_to": "2028-02-29"})]})

    def told(self):
        """Return what would be told of the institution now; it meets every published contract."""
        kind = self.env.ref("ctsp_connector_admin.type_institution_registry")
        [message] = kind._handler()._payloads(self.institution, "ctsp.institution.filed", {})
        data = json.loads(json.dumps(message.data))
        contracts = kind.contract_ids.filtered(lambda one: one.state == "published")
        self.assertEqual(set(contracts.mapped("version")), {"v1", "v2"})
        for contract in contracts:
            self.assertEqual(contract._errors(data), [], contract.version)
            self.assertEqual(schema.errors(contract.schema, json.loads(contract.example)), [])
        return data

    def named(self, rows, name):
        [row] = [row for row in rows if row["name"] == name]
        return row

    def test_committee(self):
        row = self.named(self.told()["ethicsCommittees"], self.committee.name)
        self.assertEqual(
            [row[name] for name in ("members", "filingNo", "chair", "termFrom", "termTo", "charterDate", "sopDate")],
            [2, "示例-EC-2", "主任委员（示例）", "2024-01-01", "2027-12-31", "2024-01-02", "2025-06-01"])
        chair, outsider = row["memberList"]
        self.assertEqual((chair["role"], chair["gender"], chair["background"], chair["gcpDate"], chair["external"]), (
            "chair", "female", self.background.name, "2025-03-01", False))
        self.assertEqual((outsider["external"], outsider["employer"]), (True, "示例律所（示例）"))

    def test_people(self):
        row = self.named(self.told()["people"], self.someone.name)
        self.assertEqual(
            (row["post"], row["practiceNo"], row["title"]), ("", "示例-执业-1", self.someone.title_id.name))
        self.assertEqual(row["gcp"], [
            {"certificateNo": "GCP-9", "issuer": "", "date": "2025-03-01", "validTo": "2028-02-29"}])
        post = self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", "post")], limit=1)
        self.someone.post_ids = [Command.create({"post_id": post.id, "date_from": "2023-01-01"})]
        row = self.named(self.told()["people"], self.someone.name)
        self.assertEqual((row["post"], row["postFrom"]), (post.name, "2023-01-01"), "one row for each post")
        [led] = [row for row in self.told()["people"] if row["name"] == self.person.name][:1]
        self.assertEqual(led["specialties"], self.specialty.mapped("name"))

    def test_nothing_personal(self):
        """Nothing that is encrypted in the registry leaves, nor a number that holds the identity number."""
        text = json.dumps(self.told(), ensure_ascii=False)
        for value in (
                self.ID_NUMBER, self.MOBILE, self.EMAIL, "1980-01-01", "示例-资格", "内部备注", "联系人丙", "doctor"):
            self.assertNotIn(value, text)
        contract = self.env.ref("ctsp_connector_admin.contract_institution_registry_v2")
        data = self.told()
        data["people"][0]["mobile"] = self.MOBILE
        self.assertTrue(contract._errors(data), "the contract does not know such a field")

    def test_each_row_tells(self):
        """A change of a committee, a member, a person, a post or a certificate is told with the transaction."""
        self.patch(hosts, "configured", lambda: frozenset({"x.example"}))
        self.backend.url = "https://x.example"
        self.env.cr.precommit.run()
        post = self.env["ctsp.dictionary.item"].search([("dictionary_code", "=", "post")], limit=1)
        outsider = self.committee.member_ids[1]
        for record, values, value in (
                (self.committee, {"term_to": "2028-12-31"}, "2028-12-31"),
                (self.committee, {"sop_version": "V4（示例）"}, "V4（示例）"),
                (outsider, {"employer": "示例高校（示例）"}, "示例高校（示例）"),
                (self.someone, {"practice_no": "示例-执业-2"}, "示例-执业-2"),
                (self.someone, {"post_ids": [Command.create({"post_id": post.id, "date_from": "2022-02-02"})]},
                 "2022-02-02"),
                (self.someone.gcp_ids, {"valid_to": "2029-02-28"}, "2029-02-28")):
            before = len(self.sent("institution.registry"))
            record.write({**values, "correction_reason": "更正（示例）"})
            self.env.cr.precommit.run()
            self.assertEqual(len(self.sent("institution.registry")), before + 1, values)
            self.assertIn(value, json.dumps(self.sent("institution.registry")[-1], ensure_ascii=False))
