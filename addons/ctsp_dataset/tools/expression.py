"""The language in which rules of a data set are declared: a closed grammar, no Python, no attribute, no loop.

::

    start_date = null or end_date >= start_date
    status = '已完成' implies present(end_date)
    phase in ('Ⅰ期', 'BE试验') and count(members) >= 7
    share(members, gender = '女') > 0

Names are field codes of the row (inside ``any``, ``all``, ``share`` and ``count`` those of the inner row first).
A value that is missing makes a comparison unknown, and an unknown rule does not fail: whether a value must be given is
the field's own matter. Everything is compiled once to closures; the cost of a rule does not depend on the rows before.
"""
import re
from datetime import date
from operator import methodcaller

from . import expression_values as calculus

LENGTH_LIMIT, DEPTH_LIMIT, LIST_LIMIT = 1000, 30, 200
TOKEN = re.compile(r"""
    \s*(?:
        (?P<number>\d+(?:\.\d+)?)
      | '(?P<text>[^']*)'
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign><=|>=|!=|[=<>+\-*/(),])
    )""", re.X)
WORDS = frozenset({"and", "or", "not", "in", "implies", "true", "false", "null"})


class ExpressionError(ValueError):
    """A rule that cannot be read. The argument is a sentence in Chinese that names the place."""


def names(source):
    """Return the field codes that a rule speaks of."""
    parser = Parser(source)
    parser.whole()
    return parser.names


def compile_rule(source, today=None):
    """Return a function ``row → True | False | None`` (None: unknown) for the rule ``source``.

    :param today: function that gives the date ``today()`` stands for
    :raise ExpressionError: the text is no rule
    """
    return Parser(source, today or date.today).whole()


class Parser:
    """Recursive descent over the tokens of one rule; every method returns a closure ``row → value``."""

    def __init__(self, source, today=date.today):
        if len(source) > LENGTH_LIMIT:
            raise ExpressionError(f"规则超过{LENGTH_LIMIT}个字符")
        self.tokens = list(self._tokens(source.strip()))
        self.place = 0
        self.depth = 0
        self.names = set()
        self.today = today

    @staticmethod
    def _tokens(source):
        place = 0
        while place < len(source):
            found = TOKEN.match(source, place)
            if not found:
                raise ExpressionError(f"第{place + 1}个字符处无法识别：{source[place:place + 10]}")
            kind = found.lastgroup
            yield kind, found[kind]
            place = found.end()

    # -- reading ----------------------------------------------------------------------------------

    def _peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def _accept(self, *wanted):
        kind, text = self._peek()
        if kind in ("sign", "name") and text in wanted:
            self.place += 1
            return text
        return None

    def _expect(self, wanted):
        if not self._accept(wanted):
            found = self._peek()[1] or "结尾"
            raise ExpressionError(f"应为“{wanted}”，实为“{found}”")

    def whole(self):
        """Read the whole text as one rule."""
        result = self._implies()
        if self._peek()[0] != "end":
            raise ExpressionError(f"“{self._peek()[1]}”处多余")
        return result

    # -- grammar, weakest binding first -----------------------------------------------------------

    def _implies(self):
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise ExpressionError(f"括号嵌套超过{DEPTH_LIMIT}层")
        left = self._or()
        if self._accept("implies"):
            left = calculus.implied(left, self._implies())
        self.depth -= 1
        return left

    def _or(self):
        left = self._and()
        while self._accept("or"):
            left = calculus.either(left, self._and())
        return left

    def _and(self):
        left = self._not()
        while self._accept("and"):
            left = calculus.both(left, self._not())
        return left

    def _not(self):
        turned = False
        while self._accept("not"):
            turned = not turned
        found = self._comparison()
        return calculus.negated(found) if turned else found

    def _comparison(self):
        left = self._sum()
        if sign := self._accept("=", "!=", "<", "<=", ">", ">="):
            if self._accept("null"):
                if sign not in ("=", "!="):
                    raise ExpressionError("null 只能用 = 或 != 比较")
                return calculus.absent(left) if sign == "=" else calculus.given(left)
            return calculus.compared(sign, left, self._sum())
        if self._accept("in"):
            return calculus.among(left, self._literals())
        return left

    def _literals(self):
        self._expect("(")
        found = [self._literal()]
        while self._accept(","):
            found.append(self._literal())
        if len(found) > LIST_LIMIT:
            raise ExpressionError(f"列表超过{LIST_LIMIT}项")
        self._expect(")")
        return frozenset(found)

    def _literal(self):
        kind, text = self._peek()
        if kind not in ("number", "text"):
            raise ExpressionError(f"列表中只能有文本和数值，实为“{text}”")
        self.place += 1
        return calculus.number(text) if kind == "number" else text

    def _sum(self):
        left = self._product()
        while sign := self._accept("+", "-"):
            left = calculus.calculated(sign, left, self._product())
        return left

    def _product(self):
        left = self._single()
        while sign := self._accept("*", "/"):
            left = calculus.calculated(sign, left, self._single())
        return left

    def _single(self):
        if self._accept("("):
            inner = self._implies()
            self._expect(")")
            return inner
        kind, text = self._peek()
        self.place += 1
        if kind in ("number", "text"):
            return calculus.constant(calculus.number(text) if kind == "number" else text)
        if kind != "name" or text in WORDS - {"true", "false"}:
            raise ExpressionError(f"“{text or '结尾'}”处应为字段、数值或文本")
        if text in ("true", "false"):
            return calculus.constant(text == "true")
        return self._call(text) if self._peek() == ("sign", "(") else self._field(text)

    def _field(self, name):
        self.names.add(name)
        return methodcaller("get", name)

    def _call(self, name):
        self._expect("(")
        if name == "today":
            self._expect(")")
            return lambda _row: self.today().isoformat()
        if name in calculus.OVER_LISTS:
            return self._over_list(name)
        if name not in calculus.FUNCTIONS:
            raise ExpressionError(f"没有函数“{name}”")
        count, function = calculus.FUNCTIONS[name]
        arguments = [self._implies()]
        while self._accept(","):
            arguments.append(self._implies())
        self._expect(")")
        if len(arguments) != count:
            raise ExpressionError(f"函数“{name}”需要{count}个参数，实有{len(arguments)}个")
        return function(*arguments)

    def _over_list(self, name):
        """``any(list, condition)`` and the like: the condition is asked of each inner row."""
        kind, text = self._peek()
        if kind != "name":
            raise ExpressionError(f"函数“{name}”的第一个参数应为列表字段")
        self.place += 1
        rows = self._field(text)
        condition = self._implies() if self._accept(",") else None
        self._expect(")")
        if condition is None and name != "count":
            raise ExpressionError(f"函数“{name}”需要条件")
        return calculus.OVER_LISTS[name](rows, condition)
