import json
import secrets
import time
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import HttpCase

from odoo.addons.ctsp_auth.tests.common import AuthCase
from odoo.addons.ctsp_connector_app.tools import ticket as form
from odoo.addons.ctsp_exchange.tools import client, signing


class App:
    """The APP's server without its socket: checks who asks, gives tickets out, answers each once."""

    def __init__(self, theirs, ours):
        self.theirs, self.ours = theirs, ours  # (key, secret): the platform's, the APP's
        self.tickets, self.asked, self.down = {}, [], None

    def ticket(self, **facts):
        ticket = secrets.token_urlsafe(24)
        self.tickets[ticket] = {
            "subject": "u1001", "name": "赵示例（示例）", "organisation": "310000", "organisationName": "示例检查中心",
            "posts": ["检查员"], "roles": ["inspector"], **facts}
        return ticket

    def ask(self, request):
        """Take the place of ``client.ask``."""
        self.asked.append(request)
        if self.down:
            return client.Outcome("line", self.down)
        said = signing.read(request.headers)
        text = signing.text("POST", urlsplit(request.url).path, said.timestamp, said.nonce,
                            signing.digest(request.body))
        if said.key != self.theirs[0] or not signing.hmac_holds(self.theirs[1].encode(), text, said.sign):
            return client.judge(401, {}, b'{"code": 40102, "message": "sign"}')
        asked = json.loads(request.body)
        facts = self.tickets.pop(asked["ticket"], None)
        if facts is None:
            return client.judge(400, {}, b'{"code": 40001, "message": "ticket"}')
        return client.judge(200, {}, json.dumps({"code": 0, "data": self.answer(asked, facts)}).encode())

    def answer(self, asked, facts):
        changed = facts.pop("changed", {})
        assertion = json.dumps({
            "ticket": form.digest(asked["ticket"]), "nonce": asked["nonce"], "platform": "ctsp",
            "time": int(time.time() * 1000), **facts, **changed})
        sign = signing.hmac(self.ours[1].encode(), form.signed_text(assertion))
        return {"assertion": assertion, "key": self.ours[0], "sign": facts.get("sign", sign)}


class AppCase(AuthCase, HttpCase):
    """The platform connected to an APP, and a browser without a session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env.ref("ctsp_connector_app.backend_app")
        with patch.dict("os.environ", {"CTSP_EXCHANGE_LOOPBACK": "1"}):
            cls.backend.write({"url": "http://127.0.0.1:9/api", "state": "active"})
        keys = {}
        for use in ("in", "out"):
            row, secret = cls.env["ctsp.exchange.credential"]._issue({"use": use, "backend_id": cls.backend.id})
            keys[use] = row.key, secret
        cls.keys = keys
        cls.guardian = cls.role("security_admin")
        cls.people = cls.env["ctsp.app.person"]
        cls.inspector_role = cls.env["ctsp.role"].browse(cls.env.ref("ctsp_base.group_inspector").id)

    def setUp(self):
        super().setUp()
        self.env.registry.clear_cache()
        self.app = App(self.keys["out"], self.keys["in"])
        for patcher in (patch.object(client, "ask", lambda request: self.app.ask(request)),
                        patch.dict("os.environ", {"CTSP_EXCHANGE_LOOPBACK": "1"})):
            patcher.start()
            self.addCleanup(patcher.stop)
        self.authenticate(None, None)

    def enter(self, ticket=None, follow=False, headers=None, **more):
        """Open the door as the APP does; return the response."""
        ticket = self.app.ticket() if ticket is None else ticket
        self.env.flush_all()
        query = "&".join(f"{name}={value}" for name, value in {"ticket": ticket, **more}.items())
        response = self.url_open(f"/ctsp/app?{query}", allow_redirects=follow, headers=headers)
        self.env.invalidate_all()
        return response

    def who(self):
        """Return the login of the session, None for a visitor."""
        answer = self.opener.post(f"{self.base_url()}/web/session/get_session_info", json={"params": {}}).json()
        self.env.invalidate_all()
        return answer.get("result", {}).get("username")

    def person(self, subject="u1001"):
        return self.people.search([("subject", "=", subject)])

    def reason(self):
        return (self.failure().detail or {}).get("reason")

    def bind(self, user, subject="u1001"):
        """A person with an account, as the security administrator assigns it."""
        person = self.people.create({"subject": subject, "name": "赵示例（示例）"})
        mine = person.with_user(self.guardian)
        mine.user_id = user
        mine.action_bind()
        return person

    def rule(self, **values):
        return self.env["ctsp.app.rule"].with_user(self.guardian).create({
            "name": "检查员（示例）", "posts": "检查员", "role_ids": [(6, 0, self.inspector_role.ids)], **values})
