"""Opens screens as the web client does: the same calls with the same field lists, taken from the real views."""
import ast
import re

from lxml import etree

SUBLIST_LIMIT = 40
LIST_LIMIT = 80
CONTEXT = {"lang": "zh_CN", "tz": "Asia/Shanghai", "allowed_company_ids": [1], "bin_size": True}
RELATIONAL = ("many2one", "reference")
TO_MANY = ("one2many", "many2many")
ALWAYS = ("1", "True")
PAGE_LIST = "ctsp_page_list"
"""widget of the lists that are read when their page is opened"""


class ServerError(Exception):
    """The server answered with an error; the text is the server's."""


class Screens:
    """The calls of each screen; how they reach the server is up to :meth:`call`.

    :param views: answers of ``get_views`` by model, shared by those who see the same
    """

    def __init__(self, views=None):
        self.views = {} if views is None else views

    def call(self, model, method, *args, name=None, **kwargs):
        raise NotImplementedError

    def load_views(self, model):
        """Fetch the views of ``model`` once, as opening its menu does; the web client keeps them."""
        if model not in self.views:
            self.views[model] = self.call(
                model, "get_views", views=[(False, "list"), (False, "form"), (False, "search")],
                options={"toolbar": True, "load_filters": False})
        return self.views[model]

    def arch(self, model, view_type):
        return etree.fromstring(self.load_views(model)["views"][view_type]["arch"])

    def specification(self, model, view_type):
        return specification(self.arch(model, view_type), model, self.load_views(model)["models"])

    def search_domain(self, model, text):
        """Return what typing ``text`` and Enter searches: the first field of the search view."""
        field = next(self.arch(model, "search").iter("field"))
        domain = field.get("filter_domain") or f"[({field.get('name')!r}, 'ilike', self)]"
        return ast.literal_eval(re.sub(r"\bself\b", lambda _match: repr(text), domain))

    def open_list(self, model, domain=(), name=None, limit=LIST_LIMIT, offset=0):
        return self.call(
            model, "web_search_read", name=name, domain=list(domain), limit=limit, offset=offset, order="",
            specification=self.specification(model, "list"), count_limit=10001)

    def search(self, model, text, name=None):
        return self.open_list(model, self.search_domain(model, text), name=name)

    def open_form(self, model, record_id, name=None):
        return self.call(model, "web_read", [record_id], name=name, specification=self.specification(model, "form"))

    def open_page(self, model, record_id, field, name=None):
        """Open the page of a form on which the list ``field`` stands."""
        node = next(node for node in own_fields(self.arch(model, "form")) if node.get("name") == field)
        models = self.load_views(model)["models"]
        wanted = {field: field_specification(node, models[model]["fields"][field], models)}
        return self.call(model, "web_read", [record_id], name=name, specification=wanted)

    def group(self, model, groupby, domain=(), name=None):
        return self.call(
            model, "web_read_group", name=name, domain=list(domain), groupby=[groupby],
            aggregates=["__count", *self.sums(model)], limit=LIST_LIMIT, offset=0, auto_unfold=False,
            unfold_read_specification=self.specification(model, "list"), unfold_read_default_limit=LIST_LIMIT)

    def sums(self, model):
        """Return what the list adds up per group."""
        known = self.load_views(model)["models"][model]["fields"]
        names = dict.fromkeys(node.get("name") for node in own_fields(self.arch(model, "list")))
        return [f"{name}:{known[name]['aggregator']}" for name in names
                if known[name].get("aggregator") and known[name].get("store") and (
                    known[name]["type"] in ("integer", "float", "monetary"))]

    def facets(self, model, name=None):
        """Fetch the search panel beside a list."""
        return [
            self.call(
                model, "search_panel_select_multi_range", node.get("name"), name=name, category_domain=[],
                comodel_domain=[], search_domain=[], filter_domain=[], enable_counters=True, expand=False,
                group_by=False, group_domain=[], limit=200)
            for node in self.arch(model, "search").iterfind("searchpanel/field")]

    def pivot(self, model, groupings, aggregates=("__count",), name=None):
        return self.call(
            model, "formatted_read_grouping_sets", name=name, domain=[], grouping_sets=groupings,
            aggregates=list(aggregates))


class WebClient(Screens):
    """One signed-in person.

    :param post: ``post(path, body, name)`` sends JSON and returns the decoded answer; ``name``: under which to count
    """

    def __init__(self, post, views=None):
        super().__init__(views)
        self.post = post
        self._ids = 0

    def rpc(self, path, params, name=None):
        self._ids += 1
        body = self.post(path, {"id": self._ids, "jsonrpc": "2.0", "method": "call", "params": params}, name)
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
            {"model": model, "method": method, "args": list(args), "kwargs": {**kwargs, "context": CONTEXT}}, name)


def specification(root, model, models):
    """Return the ``web_read`` specification of a view's arch: its own fields, and those of lists inside it."""
    known = models[model]["fields"]
    result = {}
    for node in own_fields(root):
        name = node.get("name")
        if node.get("widget") != PAGE_LIST and name in known and (name not in result or len(node)):
            result[name] = field_specification(node, known[name], models)
    return result


def field_specification(node, field, models):
    hidden = node.get("invisible") in ALWAYS or node.get("column_invisible") in ALWAYS
    if field["type"] in RELATIONAL:
        return {"fields": {} if hidden else {"display_name": {}}}
    if field["type"] not in TO_MANY or hidden:
        return {}
    inner = next((child for child in node if child.tag in ("list", "kanban", "form")), None)
    if inner is not None and field["relation"] in models:
        return {"fields": specification(inner, field["relation"], models), "limit": SUBLIST_LIMIT}
    if node.get("widget") == "many2many_tags":
        colour = ast.literal_eval(node.get("options") or "{}").get("color_field")
        return {"fields": {"display_name": {}, **({colour: {}} if colour else {})}}
    return {"fields": {"display_name": {}}}


def own_fields(root):
    """Yield the field nodes of a view, without those of views nested in its fields."""
    for node in root:
        if node.tag == "field":
            yield node
        elif isinstance(node.tag, str):
            yield from own_fields(node)
