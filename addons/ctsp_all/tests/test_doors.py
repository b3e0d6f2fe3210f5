import os
from contextlib import closing
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_dataset.tools import guide

from . import doors
from .access import letters
from .test_access_wire import QUIET as QUIET_WIRE
from .world import World

QUIET = (*QUIET_WIRE, "odoo.http", "odoo.addons.base.models.ir_http", "odoo.addons.base.models.ir_actions",
         "odoo.addons.base.models.ir_actions_server", "werkzeug", "py.warnings", "odoo.addons.bus.websocket",
         "odoo.addons.web.controllers.binary", "odoo.modules.module", "odoo.tests.common.requests")


@tagged("post_install", "-at_install")
class TestDoors(CtspCase, HttpCase):
    """The three administrators: each does only his own part, over every route, screen, action, wizard and table.

    Everything is found in the running registry; what is not in ``doors.csv`` fails. CTSP_DOORS=<path> writes what is
    observed there, for review.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = doors.read_table()

    def enter(self):
        """Make the world and those who call."""
        self.world = World(self.env, *self.outside("Hospital A"), "A")
        self.users = {name: self.role(name) for name in doors.CALLERS[2:]} | {
            "nobody": self.env.ref("base.public_user"), "institution": self.world.user}

    def samples(self):
        """What routes are asked for: records of the world, so that rights decide and not what is missing."""
        records = self.world.records
        return {
            "job_id": 1, "document_id": records["ctsp.document"].id, "inspection_id": records["ctsp.inspection"].id,
            "version_id": self.env["ctsp.dataset.version"].search([], limit=1).id,
            "submission_id": records["ctsp.dataset.submission"].id,
            "library_id": self.env["ctsp.clause.library"].search([], limit=1).id, "certificate_id": 1,
            "code": "log_path", "number": records["ctsp.dataset.submission"].number,
            "res_model": "ctsp.institution", "model": "ctsp.institution", "__model__": "ctsp.institution",
            "id": 2**31 - 1, "res_id": self.world.institution.id, "field": "name",
            "method": "search_read", "__method__": "search_read", "args": [[], ["id"]], "kwargs": {"limit": 1},
            "fields": ["id"], "domain": [], "action_id": self.env.ref("ctsp_base.ctsp_account_action").id,
            "thread_model": "ctsp.institution", "thread_id": self.world.institution.id, "post_data": {"body": "x"},
            "subpath": "ctsp.institution", "kind": "xlsx", "lang": "en_US", "mods": "web",
        }

    def signed_in(self, caller):
        """Return a session of its own for ``caller``."""
        self.session = None
        user = None if caller == "nobody" else self.users[caller].login
        session = self.authenticate(user, user)
        del self.session
        return session

    def observe_routes(self):
        """Call each route as each caller; what one call wrote is gone before the next."""
        visitor, observed = doors.Visitor(self, self.samples()), {}
        self.cr.flush()
        self.cr.clear()
        sessions = {caller: self.signed_in(caller) for caller in doors.CALLERS}
        with (mute_logger(*QUIET), self.allow_requests(all_requests=True),
              patch.object(guide, "pdf", return_value=b"%PDF")):  # takes seconds, whoever may have it
            for path, method, rule, routing, endpoint in doors.routes(self.env):
                facts = f"{routing['auth']} {routing['type']}"
                row = observed["route", f"{method} {path}"] = {"facts": facts}
                if path in doors.UNCALLED:
                    row |= dict.fromkeys(doors.CALLERS, "?")
                else:
                    for caller in doors.CALLERS:
                        http.root.session_store.save(sessions[caller])
                        with closing(self.cr.savepoint(flush=False)):
                            row[caller] = visitor.call(sessions[caller], path, method, rule, routing, endpoint)
                        self.env.invalidate_all(flush=False)
        return observed

    def observe_screens(self):
        """Try what lies behind menus and buttons as each caller."""
        observed = {}
        menus = self.env["ir.ui.menu"]
        visible = {name: menus.with_user(user)._visible_menu_ids() if user._is_internal() else ()
                   for name, user in self.users.items()}
        for name, menu in doors.named(self.env, "ir.ui.menu"):
            observed["menu", name] = {"facts": getattr(menu.action, "res_model", "") or ""} | {
                caller: "ok" if menu.id in visible[caller] else "-" for caller in doors.CALLERS}
        for kind, model, attempt in (
            ("window", "ir.actions.act_window", None), ("server", "ir.actions.server", doors.server),
            ("report", "ir.actions.report", doors.report), ("cron", "ir.cron", doors.scheduled),
        ):
            for name, action in doors.named(self.env, model):
                about = action.res_model if kind == "window" else action.model if kind == "report" else (
                    action.model_id.model)
                if about in self.env:
                    observed[kind, name] = {"facts": about} | {
                        caller: attempt(action, user) if attempt else doors.window(
                            action, user, caller in doors.ADMINISTRATORS)
                        for caller, user in self.users.items()}
        return observed

    def observe_tables(self):
        """Rights on wizards, and on Odoo's own tables; those of the platform's are in ``access_matrix.csv``."""
        observed = {}
        for name, model in self.env.registry.items():
            if model._abstract or name.startswith(("ctsp.test", "test")):
                continue
            if model._transient or not name.startswith("ctsp."):
                observed["wizard" if model._transient else "table", name] = {"facts": model._original_module or ""} | {
                    caller: letters(self.env[name], user) for caller, user in self.users.items()}
        return observed

    def observe(self):
        with mute_logger(*QUIET):
            return {**self.observe_screens(), **self.observe_tables(), **self.observe_routes()}

    def test_table(self):
        """Every door is in the table, and lets in whom the table says."""
        self.enter()
        observed = self.observe()
        if path := os.environ.get("CTSP_DOORS"):
            doors.write_table(observed, path)
        self.assertEqual(observed.keys() ^ self.table.keys(), set(), "the table names every door, and no other")
        for key, row in observed.items():
            with self.subTest(door=" ".join(key)):
                self.assertEqual(row, self.table[key])

    def test_each_only_their_own_part(self):
        """What is no business of an officer or inspector is open to one administrator alone, or says why to more."""
        shared = doors.read_table(doors.SHARED)
        self.assertFalse(shared.keys() - self.table.keys(), "no such door any more")
        for key, row in self.table.items():
            inside = [name for name in doors.ADMINISTRATORS if self.lets_in(key[0], row[name], row)]
            with self.subTest(door=" ".join(key)):
                if len(inside) > 1:
                    self.assertIn(key, shared, f"open to {inside}: say why, or close it")
                else:
                    self.assertNotIn(key, shared, "not shared any more")

    def lets_in(self, kind, outcome, row):
        """Say whether somebody may do there what people of other roles may not."""
        others = [row[name] for name in ("filing_officer", "inspector")]
        if kind in ("wizard", "table"):
            return bool(set(outcome) - {"-"} - set("".join(others)))
        return outcome in ("ok", "bad") and not {"ok", "bad"} & set(others)
