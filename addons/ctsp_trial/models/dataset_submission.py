from itertools import islice

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ctsp_dataset.tools.outcome import Outcome

BATCH = 200
TRIAL = {
    "title": "name", "protocol_no": "protocol_no", "acceptance_no": "acceptance_no", "approval_no": "approval_no",
    "approval_date": "approval_date", "drug_name": "drug_name", "indication": "indication"}
TRIAL_CODES = {
    "drug_class": ("drug_class", "drug_class_id"),
    "registration_class": ("registration_class", "registration_class_id"),
    "trial_type": ("trial_type", "trial_type_id"), "phase": ("trial_phase", "phase_id"),
    "scope": ("trial_scope", "scope_id")}
SITE = ("role", "planned", "actual", "ethics_date", "start_date", "end_date", "pi_name")


class DatasetSubmission(models.Model):
    """近三年项目: rows become what the institution does in trials.

    An institution speaks for its own part. Facts of the trial itself it fills in where the register has none; it
    changes them where it leads the trial or is the only one in it.
    """

    _inherit = "ctsp.dataset.submission"

    def _own_institution(self):
        """Return the institution of the submitter, maybe none."""
        return self.env["ctsp.institution"].search([("partner_id", "=", self.owner_partner_id.id)], limit=1)

    def _handle_trial(self, rows):
        outcome, institution = Outcome(), self._own_institution()
        if not institution:
            outcome.text = "登记库中没有本机构，数据已留存"
            return outcome
        counts = {"created": 0, "changed": 0, "same": 0}
        while batch := list(islice(rows, BATCH)):
            try:
                with self.env.cr.savepoint():
                    done = [(number, *self._trial_row(institution, row)) for number, row in batch]
                    self.env.flush_all()
            except UserError:
                done = self._trials_one_by_one(institution, batch, outcome)
            for number, site, what, notes in done:
                counts[what] += 1
                if what != "same":
                    outcome.links.append((number, site))
                for path, message in notes:
                    outcome.problem(number, path, message)
        outcome.text = "登记库已更新：新增{created}项，更新{changed}项，{same}项与登记一致".format(**counts)
        return outcome

    def _trials_one_by_one(self, institution, batch, outcome):
        done = []
        for number, row in batch:
            try:
                with self.env.cr.savepoint():
                    done.append((number, *self._trial_row(institution, row)))
                    self.env.flush_all()
            except UserError as error:
                outcome.problem(number, "", f"未能写入登记库：{error}")
        return done

    def _trial_row(self, institution, row):
        """Write one row; return ``(site, what happened, notes)``."""
        specialty = self.env["ctsp.specialty"].search(
            [("institution_id", "=", institution.id), ("name", "=", row["specialty"])], limit=1)
        notes = [] if specialty else [("specialty", f"本机构没有备案专业“{row['specialty']}”，未关联专业")]
        trial, trial_changed = self._trial_of(institution, row, notes)
        site = self.env["ctsp.trial.site"].search([
            ("trial_id", "=", trial.id), ("institution_id", "=", institution.id),
            ("specialty_id", "=", specialty.id)], limit=1)
        vals = {name: row.get(name) or False for name in SITE}
        vals["status_id"] = self._code("trial_status", row.get("status"))
        vals["ethics_opinion_id"] = self._code("ethics_opinion", row.get("ethics_opinion"))
        vals["pi_id"] = self.env["ctsp.person"].search(
            [("institution_id", "=", institution.id), ("name", "=", row["pi_name"])], limit=1).id
        if not site:
            return site.create({
                **vals, "trial_id": trial.id, "institution_id": institution.id, "specialty_id": specialty.id,
            }), "created", notes
        changed = _differing(site, vals)
        site.write(changed)
        return site, "changed" if changed or trial_changed else "same", notes

    def _trial_of(self, institution, row, notes):
        trial = self.env["ctsp.trial"].with_context(active_test=False).search([("ctr_no", "=", row["ctr_no"])], limit=1)
        vals = {name: row[code] for code, name in TRIAL.items() if row.get(code)}
        vals |= {name: self._code(dictionary, row[code]) for code, (dictionary, name) in TRIAL_CODES.items()
                 if row.get(code)}
        sponsors = self._sponsors(row, notes)
        if not trial:
            parties = [(0, 0, {"organization_id": sponsor.id}) for sponsor in sponsors]
            return trial.create({
                **vals, "ctr_no": row["ctr_no"], "data_source": f"机构报送 {self.number}", "party_ids": parties,
                "status_id": self._code("trial_status", row["status"])}), True
        others = trial.site_ids.institution_id - institution
        if others and row["role"] != "lead":
            vals = {name: value for name, value in vals.items() if not trial[name]}
        changed = _differing(trial, vals)
        trial.write(changed)
        return trial, bool(changed)

    def _sponsors(self, row, notes):
        names = [name.strip() for name in row["sponsor"].split("、") if name.strip()]
        found = self.env["ctsp.organization"].search([("name", "in", names)])
        for name in sorted(set(names) - set(found.mapped("name"))):
            notes.append(("sponsor", f"申办者“{name}”不在基础字典库中，未关联"))
        return found

    def _code(self, dictionary, code):
        return self.env["ctsp.dictionary.item"]._item(dictionary, code).id if code else False


def _differing(record, vals):
    """Return the values that are not there yet: nothing is written, logged or versioned for what is the same."""
    return {name: value for name, value in vals.items()
            if record._fields[name].convert_to_cache(value, record, validate=False)
            != record._fields[name].convert_to_cache(record[name], record, validate=False)}
