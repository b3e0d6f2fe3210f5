import base64
import difflib

from odoo import api, fields, models

from ..tools import blocks, language, sheet


class DocumentTemplateCheck(models.Model):
    """Checking and previewing a template: problems by line, the values and blocks it may use, a paper with samples."""

    _inherit = "ctsp.document.template"

    problem_text = fields.Text("Problems", compute="_compute_problem_text")
    guide = fields.Json("What a Template May Use", compute="_compute_guide")

    @api.depends("content", "type_id")
    def _compute_problem_text(self):
        for row in self:
            row.problem_text = "\n".join(row._problems(row.content)) if row.type_id else False

    @api.depends("type_id")
    def _compute_guide(self):
        for row in self:
            row.guide = {"values": row._value_guide(), "blocks": [list(pair) for pair in blocks.helps()]}

    # ---- samples --------------------------------------------------------------------------------------------------

    def _fields_of_type(self):
        """Return the documented values of the type: ``{name: (label, sample)}``."""
        kind = self.type_id
        model = self.env.get(kind.res_model) if kind.res_model else None
        found = model._document_fields(kind.code) if model is not None and hasattr(model, "_document_fields") else {}
        inputs = {row.code: (row.name, row.sample or row.name) for row in kind.input_ids}
        return {**found, "input": (self.env._("Texts filled in"), inputs)} if inputs else found

    def _sample_values(self):
        return {name: _sample(value) for name, (_label, value) in self._fields_of_type().items()}

    def _value_guide(self):
        """Return ``[[name, label, sample text]]`` for the editor."""
        return [row for name, (label, value) in self._fields_of_type().items() for row in _guide(name, label, value)]

    def _sample_paper(self):
        kind = self.type_id
        roles = kind.signer_roles or []
        rows = [{"role": role, "label": label, "name": self.env._("Sample Name"), "date": ""} for role, label in roles]
        number = kind._number_text("0001", 2026)
        return blocks.Paper(
            title=kind.name or "", number=number, organisation=self.env["ctsp.document"]._organisation(),
            paper=self.paper or "a4", date="2026-03-05", signatures=rows)

    # ---- checks ---------------------------------------------------------------------------------------------------

    def _problems(self, content):
        """Return what is wrong with ``content``, one sentence each, with its line."""
        try:
            found = language.check(content or "", self._sample_values(), blocks.names())
            if not found:
                language.render(content or "", self._sample_values(), blocks.Blocks(self._sample_paper()).functions())
        except language.TemplateFault as fault:
            found = fault.problems
        return [self._sentence(problem) for problem in found]

    def _sentence(self, problem):
        known = problem.detail.get("known") or []
        near = difflib.get_close_matches(problem.detail.get("name", "").split(".")[-1], known, n=1)
        text = self._words(problem.code, {key: self._token(str(value)) for key, value in problem.detail.items()})
        hint = self.env._(" Did you mean “%(name)s”?", name=near[0]) if near else ""
        return self.env._("Line %(line)s: %(text)s", line=problem.line, text=text + hint)

    def _token(self, text):
        """Return the parser's name of a sign as the sign itself."""
        return {
            "end of template": self.env._("end of the template"), "end of print statement": "}}",
            "end of statement block": "%}"}.get(text, text)

    def _words(self, code, detail):
        words = {
            "too_long": self.env._("the template is longer than %(limit)s characters."),
            "too_much": self.env._("the paper would become longer than %(limit)s characters."),
            "tag": self.env._("the HTML tag <%(tag)s> is not allowed."),
            "not_allowed": self.env._("“%(construct)s” is not part of the template language."),
            "unknown": self.env._("there is no value “%(name)s”."),
            "no_parts": self.env._("“%(name)s” is a plain value and has no part “%(part)s”."),
            "missing": self.env._("the value “%(name)s” is missing."),
            "too_deep": self.env._("repetitions are nested more than %(limit)s deep."),
            "method": self.env._("only the blocks listed beside may be called."),
            "no_block": self.env._("there is no block “%(name)s”."),
            "no_filter": self.env._("there is no filter “%(name)s”."),
            "no_tag": self.env._("there is no statement “%(tag)s”."),
            "not_closed": self.env._("“%(tag)s” is not closed before the end."),
            "expected": self.env._("“%(expected)s” is expected here, “%(got)s” was found."),
            "unexpected": self.env._("“%(got)s” cannot stand here."),
            "block": self.env._("a block cannot use what it is given (%(message)s)."),
        }
        return words.get(code, self.env._("it cannot be read (%(message)s).")) % {"message": "", **detail}

    # ---- preview --------------------------------------------------------------------------------------------------

    @api.readonly
    def preview(self, content=None):
        """Return ``{"pdf": base64, "problems": [...]}`` of ``content``, or of the stored text, with sample values.

        For who may read templates; nothing is stored.
        """
        self.ensure_one()
        self.check_access("read")
        content = self.content if content is None else str(content)
        if problems := self._problems(content):
            return {"pdf": False, "problems": problems}
        paper = self._sample_paper()
        parts = blocks.Blocks(paper)
        body = language.render(content, self._sample_values(), parts.functions())
        pdf, pages = sheet.write(
            body, self.paper, parts.furniture, _no_image, title=paper.title, number=paper.number,
            author=paper.organisation, watermark=blocks.SAMPLE)
        return {"pdf": base64.b64encode(pdf).decode(), "problems": [], "pages": pages}


def _no_image(key):
    return blocks.SAMPLE_IMAGE if key else None


def _sample(value):
    """Return the plain sample of a documented value: labels are taken off, lists keep their row."""
    if isinstance(value, dict):
        return {name: _sample(part) for name, (_label, part) in value.items()}
    if isinstance(value, list):
        return [_sample(row) for row in value]
    return value


def _guide(name, label, value):
    """Return the rows of the guide for one value and its parts."""
    if isinstance(value, list) and value:
        first = value[0]
        parts = [[f"　{part}", text, str(sample)[:60]] for part, (text, sample) in first.items()]
        return [[f"{{% for row in {name} %}}", label, ""], *parts]
    if isinstance(value, dict):
        return [[f"{name}.{part}", text, str(sample)[:60]] for part, (text, sample) in value.items()]
    return [[name, label, str(value)[:60]]]
