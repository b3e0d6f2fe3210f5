import base64
import datetime
import json
import xmlrpc.client

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.desk_case import QUIET

from .common import InspectionCase
from .test_evidence import photo

SECRET = "Xk3Wq"
"""part of every text of the inspection that its team alone may read"""
PARTS = ("ctsp.inspection", "ctsp.inspection.member", "ctsp.inspection.line", "ctsp.inspection.operation",
         "ctsp.inspection.evidence", "ctsp.inspection.conclusion", "ctsp.inspection.version", "ctsp.finding",
         "ctsp.rectification", "ctsp.rectification.round", "ctsp.document")


class WireCase(InspectionCase, HttpCase):
    """One inspection of the inspector's team, one of another team, both approved, with a photo and issued findings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.whole(cls.begun(), "Mine")
        theirs = cls.begun()
        theirs.with_user(cls.planner).member_ids.unlink()
        theirs.with_user(cls.planner).member_ids = [
            Command.create({"inspector_id": cls.people[2].id, "role": "leader"}),
            Command.create({"inspector_id": cls.people[1].id})]
        theirs = theirs.with_user(cls.stranger)
        for member in theirs.member_ids:
            member.with_user(member.user_id).declare(False)
        cls.theirs = cls.whole(theirs, SECRET)
        cls.env.flush_all()

    @classmethod
    def whole(cls, inspection, label):
        cls.recorded(inspection)
        line = inspection.line_ids[1]
        cls.note(line, description=f"培训记录不完整{label}（示例）")
        cls.env["ctsp.inspection.evidence"].with_user(inspection.env.user).intake(inspection.id, {
            "file_name": f"{label}.jpg", "data": base64.b64encode(photo()), "line_id": line.id})
        inspection.summary = f"检查情况{label}（示例）"
        cls.approved(inspection).run_transition("rectify")
        return inspection.sudo()

    @classmethod
    def rows_of(cls, model, inspection):
        field = {"ctsp.inspection": "id", "ctsp.rectification.round": "rectification_id.inspection_id",
                 "ctsp.document": "res_id"}.get(model, "inspection_id")
        return cls.env[model].sudo().search([(field, "=", inspection.id)])

    def key_of(self, user):
        later = datetime.datetime.now() + datetime.timedelta(days=1)
        return self.env(user=user)["res.users.apikeys"].sudo()._generate("rpc", "test", later)  # superuser: a test

    def json2(self, key, model, method, **body):
        with mute_logger(*QUIET):
            return self.url_open(f"/json/2/{model}/{method}", json=body, headers={"Authorization": f"bearer {key}"})

    def xml(self, user, model, method, *args):
        user.sudo().password = user.login
        self.env.flush_all()
        with mute_logger(*QUIET):
            return self.xmlrpc_object.execute_kw(self.env.cr.dbname, user.id, user.login, model, method, list(args))


@tagged("post_install", "-at_install")
class TestWire(WireCase):
    """An assigned inspector over JSON-2 and XML-RPC sees his inspections and not a word of the others."""

    def test_json_2(self):
        key = self.key_of(self.inspector)
        for model in PARTS:
            foreign = self.rows_of(model, self.theirs)
            with self.subTest(model):
                found = self.json2(key, model, "search_read", domain=[], fields=["display_name"])
                self.assertNotIn(SECRET, found.text)
                self.assertFalse({row["id"] for row in found.json()} & set(foreign.ids))
                if not foreign:
                    continue
                for method, body in (
                        ("read", {"fields": ["display_name"]}), ("web_read", {"specification": {"display_name": {}}}),
                        ("export_data", {"fields_to_export": ["display_name"]}), ("copy", {}), ("unlink", {}),
                        ("write", {"vals": {}})):
                    answer = self.json2(key, model, method, ids=foreign.ids, **body)
                    self.assertNotIn(SECRET, answer.text, method)
                    if method not in ("write",):
                        self.assertGreaterEqual(answer.status_code, 400, method)
                grouped = self.json2(
                    key, model, "formatted_read_group", domain=[("id", "in", foreign.ids)], groupby=[],
                    aggregates=["__count"])
                self.assertFalse(sum(row["__count"] for row in grouped.json()))

    def test_public_methods(self):
        """The service layer refuses the inspection of another team by name, whatever is asked."""
        key, line = self.key_of(self.inspector), self.theirs.line_ids[1]
        for method, body in (
                ("record_open", {}), ("detail_open", {}), ("record_changes", {"revisions": {}}),
                ("record_phrase_used", {"phrase_id": 1}),
                ("record", {"operations": [self.operation(line, result="conform")]})):
            answer = self.json2(key, "ctsp.inspection", method, inspection_id=self.theirs.id, **body)
            self.assertEqual(answer.status_code, 403, method)
            self.assertNotIn(SECRET, answer.text)
            own = self.json2(key, "ctsp.inspection", method, inspection_id=self.mine.id, **body)
            self.assertEqual(own.status_code, 200, own.text)
        self.assertEqual(self.json2(key, "ctsp.inspection", "record_suggest", line_id=line.id).status_code, 403)
        answer = self.json2(key, "ctsp.inspection.evidence", "intake", inspection_id=self.theirs.id, values={
            "file_name": "a.jpg", "data": base64.b64encode(photo()).decode()})
        self.assertEqual(answer.status_code, 403)
        for method in ("action_propose", "action_record", "action_open_findings", "action_declare_none"):
            answer = self.json2(key, "ctsp.inspection", method, ids=self.theirs.ids)
            self.assertEqual(answer.status_code, 403, method)

    def test_xml_rpc(self):
        for model in PARTS:
            foreign = self.rows_of(model, self.theirs)
            with self.subTest(model):
                rows = self.xml(self.inspector, model, "search_read", [], ["display_name"])
                self.assertNotIn(SECRET, json.dumps(rows, default=str))
                self.assertFalse({row["id"] for row in rows} & set(foreign.ids))
                own = self.rows_of(model, self.mine)
                if own:
                    self.assertTrue({row["id"] for row in rows} & set(own.ids), "his own he does see")
                if foreign:
                    with self.assertRaises(xmlrpc.client.Fault) as caught:
                        self.xml(self.inspector, model, "read", foreign.ids, ["display_name"])
                    self.assertNotIn(SECRET, str(caught.exception))

    def test_institution(self):
        """An institution sees its findings once they are issued; another one, or before, nothing; no inspection."""
        later = self.begun()
        self.recorded(later)
        key, other = self.key_of(self.user_a), self.key_of(self.user_b)
        issued = (self.mine | self.theirs).finding_ids
        for model in ("ctsp.finding", "ctsp.rectification"):
            rows = self.json2(key, model, "search_read", domain=[], fields=["display_name"]).json()
            expected = issued if model == "ctsp.finding" else issued.rectification_ids
            self.assertEqual({row["id"] for row in rows}, set(expected.ids), model)
            self.assertEqual(self.json2(other, model, "search", domain=[]).json(), [])
            for method in ("read", "web_read"):
                answer = self.json2(other, model, method, ids=expected.ids, **(
                    {"fields": ["display_name"]} if method == "read" else {"specification": {"display_name": {}}}))
                self.assertGreaterEqual(answer.status_code, 400)
        hidden = later.sudo().finding_ids
        self.assertTrue(hidden)
        self.assertGreaterEqual(
            self.json2(key, "ctsp.finding", "read", ids=hidden.ids, fields=["description"]).status_code, 400)
        for model in ("ctsp.inspection", "ctsp.inspection.line", "ctsp.inspection.evidence", "ctsp.inspection.member"):
            self.assertGreaterEqual(self.json2(key, model, "search", domain=[]).status_code, 400, model)


@tagged("post_install", "-at_install")
class TestPhotoAddresses(WireCase):
    """No address delivers a photo of another team: not by size, name, token, attachment or download."""

    def addresses(self, row):
        model, attachments = row._name, self.env["ir.attachment"].sudo().search([
            ("res_model", "=", row._name), ("res_id", "=", row.id), ("res_field", "!=", False)])
        self.assertEqual(len(attachments), 3)
        for name in ("data", "shown", "thumbnail"):
            for kind in ("content", "image"):
                base = f"/web/{kind}/{model}/{row.id}/{name}"
                yield from (base, f"{base}?download=true", f"{base}?unique=1", f"{base}/a.jpg",
                            f"/web/{kind}?model={model}&id={row.id}&field={name}")
            yield f"/web/image/{model}/{row.id}/{name}/128x128"
            yield f"/web/image/{model}/{row.id}/{name}?width=128&height=128&crop=true&access_token=x"
        for attachment in attachments:
            for token in ("", "?access_token=x", f"?access_token={attachment.access_token or 'none'}", "?download=1"):
                yield f"/web/content/{attachment.id}{token}"
                yield f"/web/image/{attachment.id}{token}"
            yield f"/web/image/{attachment.id}-{attachment.checksum[:8]}/64x64"
            yield f"/web/content/{attachment.id}-{attachment.checksum[:8]}/{attachment.name}"

    def pictures(self, row):
        return [base64.b64decode(row[name]) for name in ("data", "shown", "thumbnail")]

    def test_addresses(self):
        row = self.theirs.evidence_ids
        self.assertFalse(self.env["ir.attachment"].sudo().search([
            ("res_model", "=", row._name), ("access_token", "!=", False)]), "no token opens evidence")
        addresses, pictures = list(self.addresses(row)), self.pictures(row)
        for user in (self.inspector, self.officer, self.user_a, self.user_b, None):
            if user:
                user.sudo().password = user.login
                self.authenticate(user.login, user.login)
            else:
                self.authenticate(None, None)
            for address in addresses:
                with self.subTest(user=user and user.login, address=address), mute_logger(*QUIET):
                    answer = self.url_open(address, allow_redirects=False)
                    self.assertFalse(any(picture in answer.content for picture in pictures))
                    if answer.status_code == 200:  # Odoo's grey picture in place of one that may not be seen
                        self.assertIn("/web/image", address)
                        self.assertNotIn(b"\xff\xd8\xff", answer.content[:3], "a JPEG was made of it")

    def test_own(self):
        """The team itself gets each of them: the addresses tried above are the right ones."""
        row = self.mine.evidence_ids
        self.inspector.sudo().password = self.inspector.login
        self.authenticate(self.inspector.login, self.inspector.login)
        for name, picture in zip(("data", "shown", "thumbnail"), self.pictures(row), strict=True):
            answer = self.url_open(f"/web/content/{row._name}/{row.id}/{name}")
            self.assertEqual((answer.status_code, answer.content), (200, picture))
            small = self.url_open(f"/web/image/{row._name}/{row.id}/{name}/128x128")
            self.assertEqual((small.status_code, small.content[:3]), (200, b"\xff\xd8\xff"))
