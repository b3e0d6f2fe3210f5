from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DocumentCase, png


@tagged("post_install", "-at_install")
class TestDocumentAccess(DocumentCase):

    def test_follows_the_record(self):
        """Who may read the record reads its papers, nobody else: search, count, read, parts, file."""
        document = self.final()
        other = new_test_user(self.env, "other_inspector", groups="ctsp_base.group_inspector")
        self.assertEqual(self.env["ctsp.document"].with_user(self.reviewer).search([]), document)
        foreign = self.env["ctsp.document"].with_user(other)
        self.assertFalse(foreign.search([]))
        self.assertFalse(foreign.search_count([("number", "!=", False)]))
        self.assertFalse(foreign.env["ctsp.document.signature"].search([]))
        for rows in (document, document.signature_ids, document.input_ids):
            with self.assertRaises(AccessError):
                rows.with_user(other).read(["display_name"])
        with self.assertRaises(AccessError):
            document.with_user(other).data  # noqa: B018  reading is the point

    def test_acts_follow_the_record(self):
        """A reader of the record cannot make, sign, finalise, void or delete its papers."""
        document = self.draft()
        reader = document.with_user(self.reviewer)
        with self.assertRaises(AccessError):
            self.record.with_user(self.reviewer)._document_make("test_record")
        for act in (lambda: reader.action_sign(), lambda: reader.run_transition("finalise"), lambda: reader.unlink(),
                    lambda: reader.action_unlock(), lambda: reader.input_ids.write({"value": "x"})):
            with self.assertRaises(AccessError):
                act()
        final = self.final()
        for act in (lambda: final.with_user(self.reviewer).run_transition("void", "x"),
                    lambda: final.with_user(self.reviewer).action_release()):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(final.with_user(self.reviewer).available_transitions)

    def test_nobody_makes_evidence_up(self):
        """Papers, signatures and texts are not created or written by hand, not even by their inspector."""
        document = self.draft()
        env = document.env
        with self.assertRaises(AccessError):
            env["ctsp.document"].create({
                "name": "x", "type_id": self.kind.id, "res_model": "ctsp.test.papered", "res_id": self.record.id})
        for vals in ({"values": {}}, {"content": "x"}, {"released_at": "2026-01-01"}, {"owner_partner_id": 1},
                     {"res_id": 1}, {"name": "x"}):
            with self.assertRaises(AccessError):
                document.write(vals)
        with self.assertRaises(AccessError):
            document.signature_ids[0].write({"state": "signed"})
        with self.assertRaises(AccessError):
            env["ctsp.document.signature"].create({"document_id": document.id, "role": "x", "label": "x"})
        with self.assertRaises(AccessError):
            document.input_ids.write({"label": "x"})
        with self.assertRaises(AccessError):
            env["ctsp.document.input"].create({"document_id": document.id, "code": "x", "label": "x"})

    def test_sign_sheet(self):
        """The sheet signs for the one who opened it and offers the next party."""
        document = self.draft()
        sheets = document.env["ctsp.document.sign"]
        sheet = sheets.browse(document.with_context(sign_next=True).action_sign()["res_id"])
        sheet.write({"name": "乙（示例）", "image": png()})
        following = sheet.with_context(sign_next=True).action_confirm()
        self.assertEqual(sheets.browse(following["res_id"]).signature_id, document.signature_ids[1])
        self.assertEqual(document.signature_ids[0].recorded_by, self.inspector)
        self.assertEqual(document.signature_ids[0].content_digest, document._content_digest())
        with self.assertRaises(AccessError):
            sheet.with_user(self.reviewer).action_confirm()

    def test_sign_what_was_shown(self):
        """Nobody signs a content that changed after his sheet was opened; the next sheet shows the new one."""
        document = self.draft()
        sheet = document.env["ctsp.document.sign"].browse(document.action_sign()["res_id"])
        sheet.write({"name": "乙（示例）", "image": png()})
        self.record.text = "第一条：另写（示例）"
        with self.assertRaises(UserError):
            sheet.action_confirm()
        self.assertFalse(document.values or document.signature_ids.filtered("signed_at"))
        sheet = sheet.browse(document.action_sign()["res_id"])
        sheet.write({"name": "乙（示例）", "image": png()})
        sheet.action_confirm()
        self.assertIn("另写", str(document.values))

    def test_institution_reads_what_was_released(self):
        """The institution sees nothing before the release, then the paper; another institution never."""
        document = self.final()
        stranger = self.outside("示例第二医院（示例）")[1]
        own = document.with_user(self.outsider)
        self.assertFalse(own.search([]))
        with self.assertRaises(AccessError):
            own.read(["number"])
        document.action_release()
        self.assertEqual(own.search([]), own)
        self.assertEqual(own.read(["number", "digest"])[0]["digest"], document.digest)
        self.assertTrue(own.with_context(bin_size=False).data)
        self.assertFalse(document.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            document.with_user(stranger).read(["number"])
        for hidden in ("content", "values", "signature_ids", "res_id"):
            with self.assertRaises(AccessError):
                own.read([hidden])
        for act in (lambda: own.run_transition("void", "x"), lambda: own.action_unlock(), lambda: own.action_release(),
                    lambda: own.write({"name": "x"}), lambda: own.unlink()):
            with self.assertRaises(AccessError):
                act()

    def test_queries(self):
        """A list of the register takes the same number of queries for 4 papers as for 24."""
        records = self.record.copy({}) + self.record
        documents = self.env["ctsp.document"].with_user(self.inspector)
        spec = {"number": {}, "type_id": {"fields": {"display_name": {}}}, "record_name": {}, "sign_state": {},
                "user_id": {"fields": {"display_name": {}}}, "state": {}, "has_objection": {}, "released_at": {}}

        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = documents.web_search_read([], spec, limit=limit)
            self.assertEqual(len(found["records"]), limit)
            return self.env.cr.sql_log_count - before

        for _number in range(12):
            for record in records.with_user(self.inspector):
                record._document_make("test_record")
        count(4)
        self.assertEqual(count(4), count(24))


@tagged("post_install", "-at_install")
class TestDocumentRoutes(DocumentCase, HttpCase):

    def test_routes(self):
        """The PDF is sent to who reads the paper; to all others it does not exist."""
        document = self.final()
        for user in (self.inspector, self.reviewer, self.outsider):
            user.sudo().password = f"{user.login}_password"
        url = f"/ctsp/document/{document.id}"
        for login, expected in ((self.inspector.login, 200), (self.reviewer.login, 200)):
            self.authenticate(login, f"{login}_password")
            response = self.url_open(url)
            self.assertEqual((response.status_code, response.content[:5]), (expected, b"%PDF-"))
        other = new_test_user(self.env, "route_inspector", groups="ctsp_base.group_inspector",
                              password="route_inspector")
        self.authenticate(other.login, "route_inspector")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertNotEqual(self.url_open(f"/web/content/ctsp.document/{document.id}/data").status_code, 200)
        self.authenticate(self.outsider.login, f"{self.outsider.login}_password")
        outside = f"/ctsp/outside/document/{document.id}"
        self.assertEqual(self.url_open(outside).status_code, 404)
        self.assertEqual(self.url_open(url).status_code, 404)
        document.with_user(self.inspector).action_release()
        self.assertEqual(self.url_open(outside).content[:5], b"%PDF-")
