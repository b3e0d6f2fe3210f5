"""Doors of the platform: every route, menu, screen, action, report, scheduled action, wizard and table of the registry.

Each is tried as each caller of :data:`CALLERS`; what came of it is compared with ``doors.csv``. A route answers ``ok``,
sends to the sign-in (``login``), refuses (``-``), or lets in and turns away what was asked for (``bad``).
"""
import csv
import inspect
import json
import threading
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo import http
from odoo.exceptions import AccessError, UserError

TABLE = Path(__file__).with_name("doors.csv")
SHARED = Path(__file__).with_name("doors_shared.csv")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
CALLERS = ("nobody", "institution", "filing_officer", "inspector", *ADMINISTRATORS)
LAST = ("/web/session", "/web/login", "/ctsp/password", "/ctsp/desk/password")  # routes that end or change a session
UNCALLED = {
    "/web/tests": "compiles the tests of the web client",
    "/web/tests/legacy": "likewise",
    "/websocket": "a connection that stays; tested with sockets",
}
REFUSALS = {"AccessError", "AccessDenied", "NotFound", "Forbidden", "Unauthorized", "MissingError", "SignInRefused"}
REFUSED, LOGIN = (403, 404), "login"


def read_table(path=TABLE):
    """Return ``{(kind, name): row}``."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row.pop("kind"), row.pop("name")): row for row in csv.DictReader(lines)}


def write_table(observed, path):
    """Write what was observed in the form of the committed table, for a person to review."""
    with open(path, "w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ["kind", "name", "facts", *CALLERS], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"kind": kind, "name": name} | observed[kind, name] for kind, name in sorted(observed))


def is_of_tests(module):
    return "ctsp_test_" in (module or "")


# ---- routes


def routes(env):
    """Yield ``(path, method, routing, endpoint)`` of each route the server answers, those that end sessions last."""
    rules = [rule for rule in env["ir.http"].routing_map().iter_rules()
             if not is_of_tests(rule.endpoint.func.__module__)]
    found = {}
    for rule in rules:
        routing = rule.endpoint.routing
        default = ["POST"] if routing["type"] != "http" else ["GET"]
        for method in sorted(set(routing.get("methods") or default) - {"OPTIONS", "HEAD"}):
            found.setdefault((rule.rule, method), (rule, routing, rule.endpoint))
    for (path, method), (rule, routing, endpoint) in sorted(
            found.items(), key=lambda item: (item[0][0].startswith(LAST), item[0])):
        yield path, method, rule, routing, endpoint


class Visitor:
    """Calls routes inside this process, as whoever a session belongs to.

    :param case: an HttpCase
    :param samples: ``{name of a parameter: value}``
    """

    def __init__(self, case, samples):
        self.case, self.samples = case, samples

    def call(self, session, path, method, rule, routing, endpoint):
        """Return the outcome of one call."""
        wanted = self._arguments(endpoint, rule)
        options = {"headers": {"Cookie": f"session_id={session.sid}"}}
        if routing["type"] == "http" and method != "GET":
            options["data"] = {name: str(value) for name, value in wanted.items()} | {
                "csrf_token": self._csrf_token(session)}
        elif routing["type"] != "http":
            body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": wanted}
            options["json"] = wanted if routing["type"] == "json2" else body
        address = self._address(rule)
        builder = EnvironBuilder(path=address, method=method, base_url=self.case.base_url(), **options)
        try:
            return self._outcome(self._run(builder.get_environ()), routing)
        finally:
            builder.close()

    def _run(self, environ):
        thread = threading.current_thread()
        known = {name: getattr(thread, name) for name in ("dbname", "uid", "url") if hasattr(thread, name)}
        try:
            body, status, headers = run_wsgi_app(http.root, environ, buffered=True)
            return int(status.split()[0]), b"".join(body), headers
        finally:
            for name, value in known.items():
                setattr(thread, name, value)

    def _csrf_token(self, session):
        with patch.object(self.case, "session", session, create=True):
            return http.Request.csrf_token(self.case)

    def _address(self, rule):
        values = {name: self.samples.get(name, self._plain(rule._converters[name])) for name in rule.arguments}
        return rule.build(values, append_unknown=False)[1]

    def _plain(self, converter):
        if model := getattr(converter, "model", None):
            return self.case.env[model].browse(1)
        kind = type(converter).__name__
        return 1 if kind in ("IntegerConverter", "SignedIntConverter") else next(
            iter(sorted(getattr(converter, "items", ()))), "x")

    def _arguments(self, endpoint, rule):
        wanted = inspect.signature(endpoint.func).parameters.values()
        return {one.name: self.samples[one.name] for one in wanted
                if one.name in self.samples and one.name not in rule.arguments}

    def _outcome(self, answer, routing):
        status, body, headers = answer
        if 300 <= status < 400:
            return LOGIN if urlsplit(headers.get("Location", "")).path == "/web/login" else "ok"
        if status == 401:
            return LOGIN
        if status in REFUSED:
            return "-"
        if status >= 400:
            return "bad"
        return self._json_outcome(body) if routing["type"] == "jsonrpc" else "ok"

    def _json_outcome(self, body):
        error = json.loads(body).get("error")
        if not error:
            return "ok"
        name = (error.get("data") or {}).get("name", "").rpartition(".")[2]
        if name == "SessionExpiredException":
            return LOGIN
        return "-" if name in REFUSALS or error.get("code") in REFUSED else "bad"


# ---- what lies behind menus and buttons


def named(env, model):
    """Yield ``(external identifier, record)`` of what addons brought, test addons left out."""
    rows = env["ir.model.data"].sudo().search([("model", "=", model)], order="id")
    seen = set()
    for row in rows:
        if row.res_id not in seen and not is_of_tests(row.module):
            seen.add(row.res_id)
            if record := env[model].sudo().with_context(active_test=False).browse(row.res_id).exists():
                yield row.complete_name, record


def tried(function):
    """Return "ok" when ``function`` returns, "-" when it is refused."""
    try:
        function()
    except (AccessError, UserError):
        return "-"
    return "ok"


def window(action, user, thoroughly):
    """Open the screen of a window action: its model, its first view, its first record."""
    model = action.env[action.res_model].with_user(user)
    groups = action.group_ids
    if groups and not groups & user.all_group_ids:
        return "-"

    def look():
        model.browse().check_access("create" if model._transient else "read")
        if thoroughly:
            model.get_views([(False, (action.view_mode or "form").split(",")[0])])
            if not model._transient:
                model.search([], limit=1).read(["display_name"])
    return tried(look)


def server(action, user):
    """Run a server action as far as its code."""
    cls = type(action)
    with patch.object(cls, "_run_action_code_multi", lambda *_args, **_how: False, create=True):
        return tried(lambda: action.sudo(False).with_user(user).with_context(
            active_model=action.model_id.model, active_ids=[], active_id=False).run())


def report(action, user):
    def look():
        if action.group_ids and not action.group_ids & user.all_group_ids:
            raise AccessError(action.name)
        action.env[action.model].with_user(user).browse().check_access("read")
    return tried(look)


def scheduled(action, user):
    return tried(lambda: action.sudo(False).with_user(user).check_access("write"))
