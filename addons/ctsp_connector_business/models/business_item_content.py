import json

from odoo import models
from odoo.fields import Command

GONE = "不在报送数据中"
"""of a registered member whom the content does not name: worth a word, and nothing to be mended"""
HEADER = {"changeDate": "change_date", "reason": "reason"}


class BusinessItemContent(models.Model):
    """The content of an item, put into its filing.

    Institution, specialties and ethics committees have the form of the standard data sets (规范数据集), and are mapped
    by what maps those. A version carries everything: rows that an earlier one proposed anew and this one does not name
    are taken out again, records of the registry are removed only where ``remove`` says so.
    """

    _inherit = "ctsp.business.item"

    def _content(self):
        return json.loads(self.sudo().content or "{}")  # sudo: nobody reads the stored content by itself

    def _fill_filing(self, filing, content):
        """Write ``content`` into an open filing; return what could not be written: ``[{section, subject, text}]``."""
        problems, form = [], content.get("form") or {}
        self._fill_header(filing, content)
        if form.get("institution"):
            self._propose(filing, "header", form["institution"], problems, "institution")
        for row in form.get("people") or []:
            self._fill_person(filing, row, problems)
        for row in form.get("specialties") or []:
            if not self._fill_removal(filing.specialty_ids, "specialty_ids", row, problems):
                self._propose(filing, "specialty_ids", row, problems, "specialty")
        for row in form.get("committees") or []:
            if not self._fill_removal(filing.committee_ids, "committee_ids", row, problems):
                self._propose(filing, "committee_ids", row, problems, "committee")
        self._drop_unnamed(filing, form)
        self._fill_attachments(filing, content)
        self._fill_answers(filing, content)
        return problems

    def _fill_header(self, filing, content):
        applicant = content.get("applicant") or {}
        values = {name: content[key] for key, name in HEADER.items() if content.get(key)}
        if applicant.get("contactName"):
            values["contact_name"] = applicant["contactName"]
        if applicant.get("contactPhone"):
            values["contact_phone"] = applicant["contactPhone"]
        filing.write(values)

    def _propose(self, filing, section, row, problems, what):
        """Have the handler of a standard data set put ``row`` into the filing.

        A credit code that is not the registered one is nothing to be mended: whoever reviews the filing is told.
        """
        def problem(path, text):
            if path == "uscc":
                self.attention = text
            elif GONE not in text:
                problems.append({"section": section, "subject": row.get("name") or "", "text": text})

        getattr(self.env["ctsp.dataset.submission"], f"_propose_{what}")(filing, row, problem)

    def _fill_removal(self, lines, section, row, problems):
        """Mark a record of the registry for removal where ``row`` asks for it; say whether it does."""
        if not row.get("remove"):
            return False
        line = lines.filtered(lambda line: line.name == row["name"] and line.target_id)[:1]
        if line:
            line.removal = True
        else:
            problems.append({"section": section, "subject": row["name"], "text": self.env._(
                "There is no registered record of this name to be removed.")})
        return True

    def _drop_unnamed(self, filing, form):
        """Take out rows that an earlier version proposed and this one does not name any more."""
        leaders = {row["pi_name"] for row in form.get("specialties") or [] if row.get("pi_name")}
        for name, key in (("specialty_ids", "specialties"), ("committee_ids", "committees"), ("person_ids", "people")):
            named = {row["name"] for row in form.get(key) or []} | (leaders if key == "people" else set())
            filing[name].filtered(lambda line, named=named: not line.target_id and line.name not in named).unlink()

    # ---- files, answers

    def _fill_attachments(self, filing, content):
        """Attach the files that have a kind: new ones are added, those no longer named go."""
        kinds = {kind.code: kind for kind in self.env["ctsp.filing.attachment.kind"].search([])}
        wanted = {row["sm3"].lower(): row for row in content.get("attachments") or [] if row.get("kind")}
        known = {row.digest: row for row in filing.attachment_ids}
        for digest, row in known.items():
            if digest not in wanted:
                row.unlink()
        filing.attachment_ids = [
            Command.create({
                "kind_id": (kinds.get(row["kind"]) or kinds["other"]).id, "file_name": row["name"],
                "data": self.env["ctsp.business.file"]._content(digest)})
            for digest, row in wanted.items() if digest not in known]

    def _fill_answers(self, filing, content):
        """Answer the remarks of a returned filing: each by its number, the rest by the applicant's note."""
        answers = {row["no"]: row["answer"] for row in content.get("answers") or []}
        for remark in filing.remark_ids.filtered(lambda remark: remark.published and not remark.resolved):
            if answer := answers.get(remark.id) or content.get("note"):
                remark.answer = answer
