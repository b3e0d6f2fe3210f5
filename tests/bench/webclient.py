"""Speaks to the server as the web client does: the same calls with the same field lists, taken from the real views."""
from lxml import etree

SUBLIST_LIMIT = 40
LIST_LIMIT = 80
RELATIONAL = ("many2one", "reference")
TO_MANY = ("one2many", "many2many")


class ServerError(Exception):
    """The server answered with an error; the text is the server's."""


class WebClient:
    """One signed-in person.

    :param http: an object with ``post(url, json=…)`` that returns a response with ``json()`` and ``raise_for_status()``
        (a ``requests.Session`` or a locust client)
    """

    def __init__(self, http, base="", name=None):
        self.http, self.base, self._name = http, base, name
        self._ids = 0
        self.views = {}

    def rpc(self, path, params, name=None):
        self._ids += 1
        extra = {"name": name} if name and self._name else {}
        answer = self.http.post(
            f"{self.base}{path}", json={"id": self._ids, "jsonrpc": "2.0", "method": "call", "params": params}, **extra)
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            error = body["error"]
            raise ServerError(f"{error.get('message')}: {error.get('data', {}).get('message')}")
        return body["result"]

    def sign_in(self, database, login, password):
        return self.rpc(
            "/web/session/authenticate", {"db": database, "login": login, "password": password}, "sign-in")

    def call(self, model, method, *args, name=None, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs}, name)

    def load_views(self, model):
        """Fetch the views of ``model`` once, as opening its menu does."""
        if model not in self.views:
            answer = self.call(
                model, "get_views", views=[(False, "list"), (False, "form"), (False, "search")],
                options={"toolbar": True, "load_filters": False})
            self.views[model] = answer
        return self.views[model]

    def specification(self, model, view_type):
        answer = self.load_views(model)
        root = etree.fromstring(answer["views"][view_type]["arch"])
        return specification(root, model, answer["models"])

    def open_list(self, model, domain=(), name=None):
        return self.call(
            model, "web_search_read", name=name, domain=list(domain), limit=LIST_LIMIT, offset=0, order="",
            specification=self.specification(model, "list"), count_limit=10001)

    def open_form(self, model, record_id, name=None):
        return self.call(model, "web_read", [record_id], name=name, specification=self.specification(model, "form"))

    def group(self, model, groupby, domain=(), name=None):
        return self.call(
            model, "web_read_group", name=name, domain=list(domain), groupby=[groupby], aggregates=["__count"],
            limit=LIST_LIMIT, auto_unfold=False)

    def pivot(self, model, groupings, aggregates=("__count",), name=None):
        return self.call(
            model, "formatted_read_grouping_sets", name=name, domain=[], grouping_sets=groupings,
            aggregates=list(aggregates))


def specification(root, model, models):
    """Return the ``web_read`` specification of a view's arch: its own fields, and those of lists inside it."""
    known = models[model]["fields"]
    result = {}
    for node in own_fields(root):
        name = node.get("name")
        if name not in known or (name in result and not len(node)):
            continue
        field = known[name]
        if field["type"] in RELATIONAL:
            result[name] = {"fields": {"display_name": {}}}
        elif field["type"] in TO_MANY:
            inner = next((child for child in node if child.tag in ("list", "kanban", "form")), None)
            sub = specification(inner, field["relation"], models) if inner is not None and (
                field["relation"] in models) else {"display_name": {}}
            result[name] = {"fields": sub, "limit": SUBLIST_LIMIT}
        else:
            result[name] = {}
    return result


def own_fields(root):
    """Yield the field nodes of a view, without those of views nested in its fields."""
    for node in root:
        if node.tag == "field":
            yield node
        elif isinstance(node.tag, str):
            yield from own_fields(node)
