import base64
from types import SimpleNamespace
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.bus.models import ir_websocket
from odoo.addons.ctsp_base.tests.desk_common import SECRET, DeskAttacks, DeskCase


@tagged("post_install", "-at_install")
class TestDeskAttacks(DeskAttacks, DeskCase):
    """The kernel's own owned model stands every attack that domain models are put to."""

    @classmethod
    def _desk_record(cls, user, label):
        content = base64.b64encode(b"%PDF-1.4 " + label.encode())
        return cls.env["ctsp.test.request"].with_user(user).create({
            "name": f"request {label}",
            "line_ids": [Command.create({"name": f"line {label}"})],
            "file_ids": [Command.create({"file_name": f"{label}.pdf", "data": content})],
        })

    def test_websocket_channels(self):
        """A client that asks for other channels than its own gets its own only."""
        self._sign_in(self.user_a)
        socket = self.env(user=self.user_a)["ir.websocket"]
        with patch.object(ir_websocket, "wsrequest", SimpleNamespace(session=self.session)):
            channels = socket._build_bus_channel_list([f"res.partner_{self.company_b.id}", "ctsp", SECRET])
        self.assertEqual([it for it in channels if isinstance(it, str)], ["broadcast"])
        self.assertEqual([it for it in channels if not isinstance(it, str)], [self.user_a.partner_id])
