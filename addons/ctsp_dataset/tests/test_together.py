from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.dataset_conformance import CHECKS
from .test_version import DATA, DatasetCase


@tagged("post_install", "-at_install")
class TestTogether(DatasetCase):
    """Several data sets are asked for in one application, and signed off at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.user = cls.outside("Hospital A")
        cls.other, cls.stranger = cls.outside("Hospital B")
        cls.reports = cls.env["ctsp.dataset.conformance"]
        for number in range(3):
            dataset = cls.env["ctsp.dataset"].create({"code": f"test_more_{number}", "name": f"Set {number}"})
            version = cls.env["ctsp.dataset.version"].with_user(cls.author)._from_data(
                dataset, {**DATA, "code": dataset.code})
            version.run_transition("submit")
            version.with_user(cls.reviewer).run_transition("publish")
            cls.reports += cls.reports._of(cls.company, dataset, version)
        cls.reports[:2].write({f"{code}_at": fields.Datetime.now() for code in CHECKS})

    def notices(self):
        return self.env["ctsp.desk.notice"].search([("owner_partner_id", "=", self.company.id)])

    def test_asked_and_signed(self):
        """What is ready is asked for, what is not is named and left; one notice about all; signed by the steward."""
        told = self.reports.with_user(self.user).action_request_together()
        self.assertEqual(self.reports.mapped("state"), ["requested", "requested", "testing"])
        self.assertIn("Set 2", told["params"]["message"])
        self.assertEqual(len(self.notices()), 1)
        self.assertIn("Set 0、Set 1", self.notices().name)
        for user in (self.user, self.role("leader")):
            with self.assertRaises(AccessError):
                self.reports.with_user(user).action_sign_together()
        with self.assertRaises(AccessError):
            self.reports.with_user(self.stranger).action_request_together()
        self.reports[:2].with_user(self.author).action_sign_together()
        self.assertEqual(self.reports[:2].mapped("state"), ["signed", "signed"])
        self.assertEqual(self.reports[:2].signed_by, self.author)
        self.assertEqual(self.notices().filtered(lambda one: not one.is_seen).mapped("tone"), ["success"])

    def test_told_who_did_not_ask(self):
        """Who asks has the answer before him: the news is shown to his colleagues, his first page only follows."""
        company, colleague = self.outside("Hospital A, second desk")
        colleague.partner_id.parent_id = self.company
        company.active = False
        for step in ("action_request_together", "run_transition"):
            with self.subTest(step), patch.object(
                    type(self.env["bus.bus"]), "_sendone", lambda _self, *news: self.sent.append(news)):
                self.sent = []
                if step == "run_transition":
                    self.reports[:2].with_user(self.author).run_transition("return", "Not yet")
                    self.sent.clear()
                    self.reports[:1].with_user(self.user).run_transition("request")
                else:
                    self.reports.with_user(self.user).action_request_together()
                told = {channel: news["id"] for channel, kind, news in self.sent if kind == "ctsp.desk.notice"}
                notice = self.notices().filtered(lambda one: not one.is_seen and one.tone == "info")
                self.assertEqual(told, {self.user.partner_id: False, colleague.partner_id: notice.id})

    def test_notice_is_not_kept_back(self):
        """What callers from outside write into the context keeps no notice back."""
        self.reports[0].with_user(self.user).with_context(ctsp_together=True).run_transition("request")
        self.assertEqual(self.notices().mapped("tone"), ["info"])
        self.reports[0].with_user(self.author).with_context(ctsp_together=True).run_transition("sign")
        self.assertEqual(self.notices().filtered(lambda one: not one.is_seen).mapped("tone"), ["success"])

    def test_all(self):
        """On the desk nothing chosen is all that is ready, of the own institution; with nothing ready it is told."""
        with self.assertRaises(UserError):
            self.reports.browse().with_user(self.stranger).action_request_together()
        with self.assertRaises(UserError):
            self.reports.browse().with_user(self.author).action_request_together()
        self.reports.browse().with_user(self.user).action_request_together()
        self.assertEqual(self.reports.mapped("state"), ["requested", "requested", "testing"])
        with self.assertRaises(UserError):
            self.reports[2].with_user(self.user).action_request_together()
