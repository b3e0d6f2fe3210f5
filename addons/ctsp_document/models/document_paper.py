import base64
from datetime import UTC

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.ctsp_base.tools import canonical, clock, digest

from ..tools import blocks, language, sheet


class DocumentPaper(models.Model):
    """Setting a paper: values of the record into the template, HTML into PDF."""

    _inherit = "ctsp.document"

    def _values(self):
        """Return what the template gets: of the record as it is now, or as it was when the first party signed."""
        self.ensure_one()
        if self.values:
            return self.values
        values = self._record()._document_values(self.type_id.code)
        inputs = {row.code: row.value or "" for row in self.input_ids}
        return canonical.value({**values, "input": inputs})

    def _content_digest(self):
        """Return the SM3 of what the signers have before them: template and values."""
        template = self.template_id or self.type_id._current_template(self.paper)
        return digest.sm3(canonical.encode({"template": template.content, "values": self._values()}))

    def _fix(self):
        """Keep template and values as they are now: the first party signs, or the paper becomes final."""
        for document in self:
            if not document.values:
                template = document._template()
                # superuser: the content is the engine's; rights were checked by the step
                document.sudo().write({"values": document._values(), "template_id": template.id})

    def _template(self):
        template = self.template_id or self.type_id._current_template(self.paper)
        if not template:
            raise UserError(self.env._("“%(type)s” has no published template.", type=self.type_id.name))
        return template

    def _facts(self, number="", paper=None):
        """Return the :class:`blocks.Paper` of the document; ``paper`` other than its own gives a copy on a roll."""
        return blocks.Paper(
            title=self.type_id.name, number=number or self.number or self._open_number(),
            organisation=self._organisation(), paper=paper or self.paper, date=clock.today().isoformat(),
            signatures=self.env["ctsp.document.signature"]._for_paper(self.signature_ids),
            certified=self._certified())

    def _certified(self):
        """Return the lines of the block that says by whom the paper is signed electronically; none for a draft."""
        if not self.certified_by:
            return []
        at = self.certified_at.replace(tzinfo=UTC).astimezone(clock.CHINA)
        return [("签名人", self.certified_by), ("签名时间", at.strftime("%Y-%m-%d %H:%M:%S")),
                ("数字证书", self.certificate)]

    def _open_number(self):
        """Return the number with its place left open, for drafts."""
        return self.type_id._number_text("　　", clock.today().year)

    def _set_type(self, facts):
        """Return ``(body, furniture)``: the template with the values of the record.

        :raise UserError: the template cannot be used with these values; names the line
        """
        template = self._template()
        parts = blocks.Blocks(facts)
        try:
            body = language.render(template.content, self._values(), parts.functions())
        except language.TemplateFault as fault:
            raise UserError("\n".join(template._sentence(problem) for problem in fault.problems)) from fault
        return parts._finished(body), parts.furniture

    def _print(self, body, furniture, number, watermark="", paper=None, strict=False):
        """Return ``(pdf, pages)``; see :func:`sheet.write`."""
        return sheet.write(
            body, paper or self.paper, furniture, self._image, title=self.type_id.name, number=number,
            author=self._organisation(), watermark=watermark, strict=strict)

    def _image(self, key):
        """Return ``(content, mime type)`` of an image of this paper: a signature, or one its record gives."""
        kind, _slash, rest = key.partition("/")
        if kind == "signature" and rest.isdecimal():
            # superuser: only rows of this very paper
            row = self.sudo().signature_ids.filtered(lambda it: it.id == int(rest))
            content = base64.b64decode(row.with_context(bin_size=False).image or b"")
        else:
            content = self._record()._document_image(key)
        return (content, guess_mimetype(content)) if content else None

    def _paper(self):
        """Return the PDF as it is to be seen now: the stored one, or a draft or void copy with its mark."""
        self.ensure_one()
        if self.state == "final":
            return base64.b64decode(self.with_context(bin_size=False).data)
        if self.state == "void":
            kept = sheet.Furniture(**self.furniture)
            return self._print(sheet.kept(self.content), sheet.kept_furniture(kept), self.number, blocks.VOID)[0]
        facts = self._facts()
        body, furniture = self._set_type(facts)
        return self._print(body, furniture, facts.number, blocks.DRAFT)[0]

    def _roll(self, paper):
        """Return a copy on a roll (``roll80``, ``roll58``) for a portable printer; drafts bear their mark."""
        self.ensure_one()
        facts = self._facts(paper=paper)
        body, furniture = self._set_type(facts)
        mark = {"draft": blocks.DRAFT, "void": blocks.VOID}.get(self.state, "")
        return self._print(body, furniture, facts.number, mark, paper)[0]
