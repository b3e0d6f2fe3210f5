from odoo import api, models
from odoo.fields import Command

PERSON = ("name", "gender", "education", "department", "qualification_no", "practice_no", "gcp_certificate_no",
          "gcp_issuer", "gcp_date", "gcp_valid_to", "id_number", "mobile", "email")
TRIAL = ("trial_name", "ctr_no", "role", "date_from", "date_to")
DEFAULT_PROOF = "other"


class BusinessItemRows(models.Model):
    """People of an item with their certificates and trials: no standard data set has them."""

    _inherit = "ctsp.business.item"

    def _fill_person(self, filing, row, problems):
        """Put a person into the filing, changing who is there by that name."""
        if self._fill_removal(filing.person_ids, "person_ids", row, problems):
            return
        lines = filing.person_ids
        same = lines.filtered(lambda line: line.name == row["name"] and not self._is_namesake(line, row))
        if len(same) > 1 and row.get("id_number"):
            same = same.filtered(lambda line: line.id_number == row["id_number"])
        if len(same) > 1:
            problems.append({"section": "person_ids", "subject": row["name"], "text": self.env._(
                "Several people have this name: give the identity number of the one that is meant.")})
            return
        values = {name: row[name] for name in PERSON if row.get(name)}
        if row.get("title"):
            values["title_id"] = self._entry("professional_title", row["title"], row, problems).id
        if row.get("posts"):
            posts = [self._entry("post", code, row, problems).id for code in row["posts"]]
            values["post_item_ids"] = [Command.set([post for post in posts if post])]
        if same:
            same.write(values)
        else:
            same = lines.create({**values, "filing_id": filing.id, "sequence": 99})
        for trial in row.get("trials") or []:
            self._fill_trial(same, trial)

    @api.model
    def _is_namesake(self, line, row):
        """Say whether the registered person of a line has another identity number than ``row`` gives."""
        given, known = (row.get("id_number") or "").upper(), line.target_id.id_number
        return bool(given and known and given != known)

    def _fill_trial(self, person, row):
        values = {name: row[name] for name in TRIAL if row.get(name)}
        proof = self.env["ctsp.dictionary.item"]._item("trial_proof", row.get("kind") or DEFAULT_PROOF)
        if row.get("proof"):
            files = self.env["ctsp.business.file"]
            values |= {
                "file": files._content(row["proof"]), "filename": files._by_digest(row["proof"]).name,
                "proof_kind_ids": [Command.set(proof.ids)]}
        line = person.experience_ids.filtered(lambda line: line.trial_name == row["trial_name"])[:1]
        if line:
            line.write(values)
        else:
            person.experience_ids.create({**values, "person_line_id": person.id})

    def _entry(self, dictionary, code, row, problems):
        """Return the dictionary entry ``code``; a problem where there is none."""
        entry = self.env["ctsp.dictionary.item"]._item(dictionary, code)
        if not entry:
            problems.append({"section": "person_ids", "subject": row["name"], "text": self.env._(
                "“%(code)s” is not in the dictionary.", code=code)})
        return entry
