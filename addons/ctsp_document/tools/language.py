"""The language of document templates: HTML with values, conditions, repetitions and the house's blocks. Nothing else.

It is Jinja2 with an allow-list of its grammar. A template reads values and calls blocks (``tools/blocks.py``); it
cannot assign, define, include, call a method, reach an attribute of an object, count without end or grow a text.
Values are plain data (``dict``, ``list``, ``str``, numbers, ``None``). What the fence lets through is run in Jinja2's
immutable sandbox with autoescape, and stopped when it writes more than ``MAX_OUTPUT`` characters.
"""
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from .filters import FILTERS

MAX_SOURCE = 200_000
MAX_OUTPUT = 5_000_000
MAX_DEPTH = 4
LOOP = frozenset({"index", "index0", "revindex", "first", "last", "length"})
GRAMMAR = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.For,
    nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Filter, nodes.Test, nodes.Call,
    nodes.Keyword, nodes.List, nodes.Tuple, nodes.CallBlock,
)
INNER = frozenset({"self", "caller", "super", "varargs", "kwargs"})
TESTS = frozenset({"defined", "none", "true", "false"})
FORBIDDEN_TAG = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|link|base|meta|form|input|button|html|head|body)\b", re.I)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a template: the line, a code the screen translates, and the words it needs."""

    line: int
    code: str
    detail: dict = field(default_factory=dict)


class TemplateFault(ValueError):
    """A template that cannot be used; ``problems`` say why."""

    def __init__(self, problems):
        super().__init__("; ".join(f"{it.line}: {it.code} {it.detail}" for it in problems))
        self.problems = problems


class _Environment(ImmutableSandboxedEnvironment):
    """Dots read keys of values and the counters of a loop; no object gives anything else away."""

    def getattr(self, obj, attribute):
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=None, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=None, name=attribute)

    def getitem(self, obj, argument):
        return self.getattr(obj, argument)

    def is_safe_attribute(self, obj, attr, value):
        return False


def _environment():
    environment = _Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: "" if value is None or value is False else value)
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {name: test for name, test in environment.tests.items() if name in TESTS or name in {
        "eq", "ne", "lt", "le", "gt", "ge", "in"}}
    return environment


def check(source, sample, blocks):
    """Return the problems of ``source``, in the order of its lines; none when it can be used.

    :param sample: values as the template will get them, lists with one row at least
    :param blocks: names of the blocks
    """
    if len(source) > MAX_SOURCE:
        return [Problem(1, "too_long", {"limit": MAX_SOURCE})]
    problems = [
        Problem(source.count("\n", 0, match.start()) + 1, "tag", {"tag": match[1].lower()})
        for match in FORBIDDEN_TAG.finditer(source)]
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        return [*problems, Problem(error.lineno, *_syntax(error.message or ""))]
    walker = _Walker(blocks)
    walker.visit(tree, dict(sample), 0)
    return sorted({(it.line, it.code, str(it.detail)): it for it in problems + walker.problems}.values(),
                  key=lambda it: it.line)


def render(source, values, blocks):
    """Return the HTML of ``source``.

    :param blocks: name → function that returns markup
    :raise TemplateFault: the template is wrong, or a value it needs is missing
    """
    environment = _environment()
    if problems := check_fence(source, blocks):
        raise TemplateFault(problems)
    parts, size = [], 0
    try:
        template = environment.from_string(source)
        for part in template.generate({**blocks, **values}):
            size += len(part)
            if size > MAX_OUTPUT:
                raise TemplateFault([Problem(1, "too_much", {"limit": MAX_OUTPUT})])
            parts.append(part)
    except UndefinedError as error:
        raise TemplateFault([Problem(_line(error), "missing", {"name": _quoted(str(error))})]) from error
    except TemplateError as error:
        raise TemplateFault([Problem(getattr(error, "lineno", None) or _line(error), *_syntax(str(error)))]) from error
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        if isinstance(error, TemplateFault):
            raise
        raise TemplateFault([Problem(_line(error), "block", {"message": str(error)})]) from error
    return Markup("".join(parts))  # noqa: S704  autoescape is on, blocks escape what they are given


def check_fence(source, blocks):
    """Return what of ``source`` the grammar does not allow; names of values are not looked at."""
    return [problem for problem in check(source, {}, blocks) if problem.code != "unknown"]


class _Walker:
    """Walks the tree with the names in scope, and notes what is not allowed or not known."""

    def __init__(self, blocks):
        self.blocks, self.problems = frozenset(blocks), []

    def note(self, node, code, **detail):
        self.problems.append(Problem(node.lineno, code, detail))

    def visit(self, node, scope, depth):
        if not isinstance(node, GRAMMAR):
            self.note(node, "not_allowed", construct=type(node).__name__)
            return None
        special = getattr(self, f"_{type(node).__name__.lower()}", None)
        if special:
            return special(node, scope, depth)
        for child in node.iter_child_nodes():
            self.visit(child, scope, depth)
        return None

    def _name(self, node, scope, depth):
        if node.name in INNER:
            self.note(node, "not_allowed", construct=node.name)
            return None
        if node.name in scope:
            return scope[node.name]
        if node.name not in self.blocks:
            self.note(node, "unknown", name=node.name, known=sorted(scope))
        return None

    def _getattr(self, node, scope, depth):
        value = self.visit(node.node, scope, depth)
        if node.attr.startswith("_"):
            self.note(node, "not_allowed", construct=node.attr)
            return None
        if value is None:
            return None
        if isinstance(value, dict):
            if node.attr in value:
                return value[node.attr]
            self.note(node, "unknown", name=_path(node), known=sorted(value))
            return None
        self.note(node, "no_parts", name=_path(node.node), part=node.attr)
        return None

    def _for(self, node, scope, depth):
        if depth >= MAX_DEPTH or node.recursive:
            self.note(node, "too_deep", limit=MAX_DEPTH)
            return
        rows = self.visit(node.iter, scope, depth)
        if not isinstance(node.target, nodes.Name):
            self.note(node, "not_allowed", construct="for a, b")
            return
        first = rows[0] if isinstance(rows, list) and rows else None
        inner = {**scope, node.target.name: first, "loop": dict.fromkeys(LOOP, 1)}
        for child in [*node.body, *([node.test] if node.test else [])]:
            self.visit(child, inner, depth + 1)
        for child in node.else_:
            self.visit(child, scope, depth)
        return

    def _call(self, node, scope, depth):
        name = node.node.name if isinstance(node.node, nodes.Name) else None
        if name is None or name in scope:
            self.note(node, "method")
        elif name not in self.blocks:
            self.note(node, "no_block", name=name, known=sorted(self.blocks))
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self.note(node, "not_allowed", construct="*")
        for child in [*node.args, *node.kwargs]:
            self.visit(child, scope, depth)

    def _callblock(self, node, scope, depth):
        if node.args or node.defaults:
            self.note(node, "not_allowed", construct="call(…)")
        self.visit(node.call, scope, depth)
        for child in node.body:
            self.visit(child, scope, depth)

    def _filter(self, node, scope, depth):
        if node.name not in FILTERS:
            self.note(node, "no_filter", name=node.name, known=sorted(FILTERS))
        for child in node.iter_child_nodes():
            self.visit(child, scope, depth)

    def _test(self, node, scope, depth):
        if node.name not in TESTS:
            self.note(node, "not_allowed", construct=f"is {node.name}")
        if node.name != "defined":
            self.visit(node.node, scope, depth)

    def _condexpr(self, node, scope, depth):
        for child in (node.test, node.expr1, *([node.expr2] if node.expr2 else [])):
            self.visit(child, scope, depth)


def _path(node):
    return f"{_path(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else getattr(node, "name", "…")


def _quoted(text):
    """Return the name a message of the sandbox is about."""
    found = re.search(r"'([^']+)'(?: is undefined)?$", text) or re.search(r"'([^']+)'", text)
    return found[1] if found else text


def _line(error):
    """Return the template's line an error came from: the deepest frame of compiled template code."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _syntax(message):
    """Return the code and words for a message of the parser."""
    for pattern, code, names in (
        (r"Encountered unknown tag '(\w+)'", "no_tag", ("tag",)),
        (r"Unexpected end of template.*innermost block that needs to be closed is '(\w+)'", "not_closed", ("tag",)),
        (r"expected token '(.+?)', got '(.+?)'", "expected", ("expected", "got")),
        (r"unexpected '(.+?)'", "unexpected", ("got",)),
        (r"unexpected char '(.+?)'", "unexpected", ("got",)),
        (r"No filter named '(\w+)'", "no_filter", ("name",)),
        (r"No test named '(\w+)'", "not_allowed", ("construct",)),
    ):
        if found := re.search(pattern, message, re.S):
            return code, dict(zip(names, found.groups(), strict=True))
    return "syntax", {"message": message}
