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

    def test_news_is_for_the_colleagues(self):
        """Who asks has the answer before him: his first page follows, the news is shown to his colleagues alone."""
        _company, colleague = self.outside("Second desk")
        colleague.partner_id.parent_id = self.company
        one, other = self.reports[:2].with_user(self.user)
        for step in (one.action_request_together, lambda: other.run_transition("request")):
            sent = []
            with patch.object(type(self.env["bus.bus"]), "_sendone", lambda _self, *news, sent=sent: sent.append(news)):
                step()
            told = {channel: news["id"] for channel, kind, news in sent if kind == "ctsp.desk.notice"}
            newest = self.notices().sorted("id")[-1:]
            self.assertEqual(told, {self.user.partner_id: False, colleague.partner_id: newest.id})

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
