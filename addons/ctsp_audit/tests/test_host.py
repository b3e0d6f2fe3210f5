import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

CHANGED = {
    "kind": "access_changed", "title": "访问控制文件被修改", "severity": "error", "source": "passwd",
    "path": "/etc/passwd", "message": "/etc/passwd 与已确认的第 1 版不同", "detail": {},
}


@tagged("post_install", "-at_install")
class TestHost(CtspCase):
    """Reports of sealed hosts are taken in once; what they found, silence and steps back are told."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        hosts = self.env["ctsp.audit.host"]
        patcher = patch.object(type(hosts), "_folder", lambda _self: self.folder)
        patcher.start()
        self.addCleanup(patcher.stop)

    def report(self, sequence, action="seal", minutes=0, findings=(), digest=None, host="主机（示例）"):
        """Leave a report that ended ``minutes`` ago and take it in; return the host."""
        ended = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8) - timedelta(minutes=minutes)
        (self.folder / host).mkdir(exist_ok=True)
        (self.folder / host / f"{action}.json").write_text(json.dumps({
            "format": "ctsp-seal-report/1", "action": action, "host": host, "passed": not findings, "seconds": 1.5,
            "started_at": f"{ended:%Y-%m-%d %H:%M:%S}", "finished_at": f"{ended:%Y-%m-%d %H:%M:%S}",
            "counts": {}, "findings": list(findings),
            "sources": [{"source": "syslog", "type": "log", "path": "/var/log/syslog", "streams": 2, "lines": 1200,
                         "bytes": 90000}],
            "checkpoint": {"sequence": sequence, "digest": digest or f"{sequence:064x}"},
        }))
        self.env["ctsp.audit.host"]._cron_take_in()
        return self.env["ctsp.audit.host"].search([("name", "=", host)])

    def alerts(self, kind):
        return self.env["ctsp.audit.alert"].search([("kind", "=", kind)])

    def test_in_order(self):
        host = self.report(7)
        self.env["ctsp.audit.host"]._cron_take_in()
        self.assertEqual((host.state, host.sequence, len(host.report_ids)), ("ok", 7, 1), "taken in once")
        self.assertEqual(host.checkpoint_ids.digest, f"{7:064x}")
        self.assertIn("1,200", host.sources_html)
        logged = self.env["ctsp.audit.log"].search([("event", "=", "seal.checkpoint")], limit=1)
        self.assertEqual(logged.detail["sequence"], 7, "and sealed with the log")

    def test_findings(self):
        host = self.report(7, "verify", 20, [CHANGED])
        self.assertEqual((host.state, host.finding_ids.title), ("finding", CHANGED["title"]))
        self.assertIn(CHANGED["message"], self.alerts("host_finding").name)
        self.report(8, "seal", 10)
        self.assertEqual(host.state, "finding", "a later sealing does not undo what verification found")
        self.report(8, "verify")
        self.assertEqual(host.state, "ok")

    def test_set_back(self):
        """A machine that was set back as a whole: its checkpoint has a lower number, or another digest."""
        host = self.report(42, minutes=30)
        self.report(41, minutes=20)
        self.assertEqual((host.state, host.sequence), ("back", 42))
        self.assertTrue(self.alerts("host_back"))
        other = self.report(5, minutes=30, host="另一台主机（示例）")
        self.report(5, minutes=20, host="另一台主机（示例）", digest="f" * 64)
        self.assertEqual(other.state, "back")

    def test_silent(self):
        host = self.report(7, minutes=61)
        self.assertEqual(host.state, "silent")
        self.assertEqual(len(self.alerts("host_silent")), 1)
        self.report(8)
        self.assertEqual(host.state, "ok")

    def test_nonsense(self):
        """A report that is none is told, and the others are taken in."""
        for name, text in (("a", "{"), ("b", "[]"), ("c", json.dumps({"format": "ctsp-seal-report/1"}))):
            (self.folder / f"{name}.json").write_text(text)
        self.assertEqual(self.report(7).state, "ok")
        self.assertEqual(len(self.alerts("host_report")), 3)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_roles(self):
        host = self.report(7)
        self.assertTrue(host.with_user(self.role("audit_admin")).read(["name", "sources_html"]))
        host.with_user(self.role("audit_admin")).action_take_in()
        for role in ("system_admin", "security_admin", "leader"):
            with self.assertRaises(AccessError):
                host.with_user(self.role(role)).read(["name"])
            with self.assertRaises(UserError):
                host.with_user(self.role(role)).action_take_in()
        with self.assertRaises(AccessError):
            host.with_user(self.role("audit_admin")).write({"state": "ok"})
