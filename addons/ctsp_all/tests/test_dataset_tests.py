import ast
import io
import json
from pathlib import Path

from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_dataset.tools import sample

SUBMISSION = "ctsp.dataset.submission"
ADDONS = Path(__file__).parents[2]
ASKS = ("search", "search_count", "search_read", "search_fetch", "_read_group")
#: method → why it asks for submissions without telling tests apart
WITHOUT = {
    "_rush": "asks for what waits in the queue; tests are never queued",
    "_check_quota": "asks for those of one key, which is for tests or is not",
    "_used_today": "what people may have checked and send on a day: a check is as much work as what is sent",
    "_gc_tests": "its domain, named once for two calls, is about tests alone",
    "submissions": "asks with the domain of own(): tests for a test key, the others for others",
    "submission": "asks with the domain of own(), as above",
}
#: models that a test may write: itself, its receipt's number, what was found, what any transaction leaves behind
OWN = (SUBMISSION, "ctsp.sequence.number", "ctsp.dataset.finding", "ctsp.exchange.nonce", "ctsp.audit.",
       "ctsp.integrity", "ctsp.crypto")


@tagged("post_install", "-at_install")
class TestDatasetTests(CtspCase):
    """What is sent with a test key, or only checked on the desk, shares a table with what is reported in earnest, and
    counts nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.user = cls.outside("示例试验医院（示例）")
        cls.env["ctsp.institution"].create({
            "name": cls.company.name, "partner_id": cls.company.id, "state": "filed",
            "record_no": "药临床机构备字2096000001", "first_filed_date": "2020-01-01"})
        cls.datasets = cls.env["ctsp.dataset"].search([("current_id", "!=", False)])
        cls.key, _secret = cls.env["ctsp.exchange.credential"]._issue({
            "partner_id": cls.company.id, "dataset_ids": [(6, 0, cls.datasets.ids)], "is_sandbox": True})

    def send(self):
        """Send a good row of every data set with a test key."""
        sent = self.env[SUBMISSION]
        for dataset in self.datasets:
            content = json.dumps(sample.row(dataset.current_id._definition())).encode()
            sent += sent._receive(
                dataset.current_id, self.company, f"test-{dataset.code[:40]}", io.BytesIO(content), "json",
                sm3(content), len(content), self.key)[0]
        self.assertEqual(set(sent.mapped("state")), {"accepted"})
        self.assertGreater(len(sent), 12)
        return sent

    def counted(self):
        """Return how many rows each table of the platform has."""
        self.env.cr.flush()  # versions are made at the end of a step
        return {name: model.sudo().with_context(active_test=False).search_count([])
                for name, model in self.env.items()
                if name.startswith("ctsp.") and model._auto and not model._abstract and not name.startswith(OWN)}

    def test_registry(self):
        """No handler gets a row, and nothing is made anywhere else: no record, alert, notice, message."""
        handlers = [name for name in dir(self.env[SUBMISSION]) if name.startswith("_handle_")]
        self.assertGreater(len(handlers), 4)
        for name in handlers:
            self.patch(self.env.registry[SUBMISSION], name, lambda *_given, name=name: self.fail(name))
        before = self.counted()
        sent = self.send()
        self.assertEqual(self.counted(), before)
        self.assertEqual(set(sent.mapped("applied")), {"none"})
        self.assertFalse(sent.link_ids or sent.portion_ids)

    def test_screens(self):
        """Each list of submissions opens without tests."""
        sent = self.send()
        actions = self.env["ir.actions.act_window"].search([("res_model", "=", SUBMISSION)])
        self.assertGreater(len(actions), 1)
        for action in actions:
            self.assertFalse(sent & self.env[SUBMISSION].search(self.shown(action)), action.xml_id)

    def shown(self, action):
        """Return the domain of what an action shows at first."""
        names = {"uid": self.env.uid, "active_id": 0}
        domain = Domain(safe_eval(action.domain or "[]", names))
        view = self.env[SUBMISSION].get_views([(action.search_view_id.id, "search")])["views"]["search"]
        context = safe_eval(action.context or "{}", names)
        for node in etree.fromstring(view["arch"]).iter("filter"):
            if context.get(f"search_default_{node.get('name')}") and node.get("domain"):
                domain &= Domain(safe_eval(node.get("domain"), names))
        return domain

    def test_statistics(self):
        """No statistic, quality score or league table has a row of a test."""
        sent = self.send()
        self.env.flush_all()
        tables = [model for model in self.env.values() if SUBMISSION in getattr(model, "_depends", {})]
        self.assertIn("ctsp.dataset.report", [model._name for model in tables])
        for model in tables:
            names = [name for name, field in model._fields.items() if field.comodel_name == SUBMISSION]
            self.assertTrue(names, f"{model._name}: say which submission a row is of, or it cannot be told")
            for name in names:
                self.assertFalse(model.search([(name, "in", sent.ids)]), model._name)

    def test_waiting(self):
        """Tests make nobody wait, are newer than nothing, and keep no reminder away."""
        sent = self.send()
        for one in sent:
            content = b"{}"
            real = sent.create({
                "partner_id": self.company.id, "version_id": one.version_id.id, "request_id": f"real-{one.id}",
                "kind": "json", "digest": sm3(content), "size": 2, "state": "accepted", "applied": "failed",
                "accepted": 1, "received_at": "2020-01-01", "user_id": self.env.ref("base.user_root").id})
            self.assertFalse(real._earlier() + real._newer(), one.dataset_id.code)
        reminded = []
        begun = {self.company: sent[0].create_date.min}
        self.patch(self.env.registry["ctsp.dataset"], "_begun", lambda _dataset: begun)
        self.patch(self.env.registry["ctsp.dataset"], "_remind_one",
                   lambda dataset, partner, _last: reminded.append((dataset.code, partner)))
        self.datasets._cron_remind()
        self.assertEqual({code for code, partner in reminded if partner == self.company},
                         set(self.datasets.filtered("expected_days").mapped("code")))

    def test_questions(self):
        """Whoever asks for submissions in code says which: tests or others."""
        asked = [(path.name, *found) for path in ADDONS.glob("ctsp_*/**/*.py") if "tests" not in path.parts
                 for found in questions(path)]
        self.assertGreater(len(asked), 8)
        wrong = [one for one in asked if "is_test" not in one[2] and one[1] not in WITHOUT]
        self.assertFalse(wrong, "tell tests apart, or give the reason in WITHOUT")
        self.assertFalse(WITHOUT.keys() - {name for _file, name, _text in asked}, "no such method any more")


def questions(path):
    """Yield ``(method, source)`` of each call that asks for submissions."""
    text = path.read_text()
    if SUBMISSION not in text:
        return
    own = f'_inherit = "{SUBMISSION}"' in text or f'_name = "{SUBMISSION}"' in text
    for method in ast.walk(ast.parse(text)):
        if isinstance(method, ast.FunctionDef):
            for call in ast.walk(method):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ASKS:
                    of = ast.unparse(call.func.value)
                    if SUBMISSION in of or (own and of == "self"):
                        yield method.name, ast.unparse(call)
