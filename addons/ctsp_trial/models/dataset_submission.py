from itertools import islice

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ctsp_dataset.tools.outcome import Outcome

from ..tools.known import Known

BATCH = 200
PORTION = 2000
"""rows of a large submission that are one job, one transaction"""
TEXT = "登记库已更新：新增{created}项，更新{changed}项，{same}项与登记一致"
SOURCE = "机构报送 {}"
STRANGER = "登记库中没有本机构，数据已留存"
TRIAL = {
    "title": "name", "protocol_no": "protocol_no", "acceptance_no": "acceptance_no", "approval_no": "approval_no",
    "approval_date": "approval_date", "drug_name": "drug_name", "indication": "indication"}
TRIAL_CODES = {
    "drug_class": ("drug_class", "drug_class_id"),
    "registration_class": ("registration_class", "registration_class_id"),
    "trial_type": ("trial_type", "trial_type_id"), "phase": ("trial_phase", "phase_id"),
    "scope": ("trial_scope", "scope_id")}
SITE = ("role", "planned", "actual", "ethics_date", "start_date", "end_date", "pi_name")
SITE_CODES = {"status": ("trial_status", "status_id"), "ethics_opinion": ("ethics_opinion", "ethics_opinion_id")}


class DatasetSubmission(models.Model):
    """近三年项目: rows become what the institution does in trials.

    An institution speaks for its own part, in what it gives. Facts of the trial itself it fills in where the register
    has none; it changes them where the register says that it leads the trial, or is the only one in it. That it leads a
    trial of several it cannot say itself: the regulator is told.
    """

    _inherit = "ctsp.dataset.submission"

    def _own_institution(self):
        """Return the institution of the submitter, maybe none."""
        return self.env["ctsp.institution"].search([("partner_id", "=", self.owner_partner_id.id)], limit=1)

    def _portion_rows(self):
        return PORTION if self.dataset_id.handler == "trial" else super()._portion_rows()

    def _outcome_text(self, counts):
        if self.dataset_id.handler != "trial":
            return super()._outcome_text(counts)
        return TEXT.format(**counts) if counts else STRANGER

    def _numbered(self):
        super()._numbered()
        parts = self.link_ids.filtered(lambda link: link.res_model == "ctsp.trial.site").mapped("res_id")
        unnamed = SOURCE.format(self.request_id)
        self.env["ctsp.trial.site"].browse(parts).trial_id.filtered(
            lambda trial: trial.data_source == unnamed).data_source = SOURCE.format(self.number)

    def _handle_trial(self, rows):
        outcome, institution = Outcome(), self._own_institution()
        if not institution:
            outcome.text, outcome.failed = STRANGER, True
            return outcome
        counts = outcome.counts = {"created": 0, "changed": 0, "same": 0}
        known = Known(self.env, institution)
        while batch := list(islice(rows, BATCH)):
            try:
                done = self._trial_rows(known, batch)
            except UserError:
                done = self._trials_one_by_one(known, batch, outcome)
            for number, site, what, notes in done:
                counts[what] += 1
                if what != "same":
                    outcome.links.append((number, site))
                for path, message in notes:
                    outcome.problem(number, path, message)
        outcome.text = TEXT.format(**counts)
        return outcome

    def _trials_one_by_one(self, known, batch, outcome):
        done = []
        for number, row in batch:
            try:
                done += self._trial_rows(known, [(number, row)])
            except UserError as error:
                outcome.problem(number, "", f"未能写入登记库：{error}")
        return done

    def _trial_rows(self, known, batch):
        """Write rows, all or none; return ``(row, site, what happened, notes)`` of each."""
        with self.env.cr.savepoint():
            self._make_trials(known, [row for _number, row in batch])
            done, new = [], {}
            for number, row in batch:
                if row["ctr_no"] in new:  # said twice: compared with what the first row makes
                    done += self._make_sites(new)
                site, what, notes, vals = self._trial_row(known, row)
                if site:
                    done.append((number, site, what, notes))
                else:
                    new[row["ctr_no"]] = number, notes, vals
            done += self._make_sites(new)
            self.env.flush_all()
        return sorted(done, key=lambda one: one[0])

    def _make_sites(self, new):
        """Make the parts in trials that are ``new``, all at once, and forget them; return as :meth:`_trial_rows`."""
        made = self.env["ctsp.trial.site"].create([vals for _number, _notes, vals in new.values()])
        done = [(number, site, "created", notes) for (number, notes, _vals), site in zip(new.values(), made)]
        new.clear()
        return done

    def _trial_row(self, known, row):
        """Write one row; return ``(site, what happened, notes, values)``, the last of a site to be made."""
        institution, notes = known.institution, []
        specialty = known.own("ctsp.specialty", row["specialty"])[:1]
        trial, trial_changed = self._trial_of(known, row, notes)
        site = self._site_of(trial, institution, specialty, row, notes)
        vals = {name: row[name] for name in SITE if row.get(name) not in (None, "")}
        for code, (dictionary, name) in SITE_CODES.items():
            if item := known.code(dictionary, row.get(code)):
                vals[name] = item
        if specialty:
            vals["specialty_id"] = specialty.id
        if person := self._person(known, row, notes):
            vals["pi_id"] = person.id
        elif site.pi_id:
            del vals["pi_name"]
        if vals["role"] == "lead" and not self._may_lead(trial, site, institution, notes):
            vals["role"] = site.role or "part"
        if not site:
            return site, "created", notes, {**vals, "trial_id": trial.id, "institution_id": institution.id}
        changed = _differing(site, vals)
        site.write(changed)
        return site, "changed" if changed or trial_changed else "same", notes, None

    def _site_of(self, trial, institution, specialty, row, notes):
        """Return the part that the institution has in the trial already, maybe none. A specialty that is not filed is
        told; where the institution takes part once, that part is meant."""
        own = trial.site_ids.filtered(lambda site: site.institution_id == institution)
        if specialty:
            return own.filtered(lambda site: site.specialty_id == specialty)[:1] or own.filtered(
                lambda site: not site.specialty_id)[:1]
        if len(own) > 1:
            text = f"本机构没有备案专业“{row['specialty']}”，且有多个专业参加该试验，无法确定是哪一个"
            raise UserError(text)
        kept = f"，保留原专业“{own.specialty_id.name}”" if own.specialty_id else "，未关联专业"
        notes.append(("specialty", f"本机构没有备案专业“{row['specialty']}”{kept}"))
        return own

    def _person(self, known, row, notes):
        found = known.own("ctsp.person", row["pi_name"])
        if len(found) > 1:
            notes.append(("pi_name", "本机构有多名同名人员，无法确定是哪一位，未关联主要研究者"))
        elif not found:
            notes.append(("pi_name", f"本机构人员中没有“{row['pi_name']}”，未关联主要研究者"))
        return found if len(found) == 1 else found.browse()

    def _may_lead(self, trial, site, institution, notes):
        """Return whether the institution leads the trial by the register, or may say so itself: nobody else is in it.
        Several parts of it have one lead."""
        others = trial.site_ids - site
        if site.role == "lead" or not others:
            return True
        if others.filtered(lambda one: one.role == "lead" and one.institution_id == institution):
            return False
        notes.append(("role", "登记库中本机构不是该试验的组长单位，角色未变更，已提请监管部门核实"))
        self.env["ctsp.risk.alert"]._raise([{
            "key": f"trial.lead:{trial.id}:{institution.id}", "record": trial, "level": "warning",
            "role_id": self.env.ref("ctsp_base.group_filing_officer").id,
            "name": f"{institution.name}报送自己为试验 {trial.ctr_no} 的组长单位，与登记不一致，请核实"}])
        return False

    def _make_trials(self, known, rows):
        """Make the trials that the register does not have yet, of the first row that names each."""
        first = {row["ctr_no"]: row for row in reversed(rows)}
        missing = sorted(known.look_up([row["ctr_no"] for row in rows]))
        # another institution may be registering one right now: tried again then, and found
        self.env["ctsp.exchange.nonce"]._reserve(*(f"trial {number}" for number in missing))
        trials = self.env["ctsp.trial"].with_context(mail_create_nolog=True)  # data_source says where it is from
        made = trials.create([{
            **self._trial_vals(known, first[number]), "ctr_no": number, "data_source": SOURCE.format(self._source()),
            "party_ids": [(0, 0, {"organization_id": one.id}) for one in known.sponsors(first[number]["sponsor"])[0]],
            "status_id": known.code("trial_status", first[number]["status"])} for number in missing])
        known.trials |= {trial.ctr_no: trial.with_env(self.env) for trial in made}
        known.fresh = set(missing)

    def _trial_vals(self, known, row):
        vals = {name: row[code] for code, name in TRIAL.items() if row.get(code)}
        return vals | {name: known.code(dictionary, row[code]) for code, (dictionary, name) in TRIAL_CODES.items()
                       if row.get(code)}

    def _trial_of(self, known, row, notes):
        trial = known.trials[row["ctr_no"]]
        for name in known.sponsors(row["sponsor"])[1]:
            notes.append(("sponsor", f"申办者“{name}”不在基础字典库中，未关联"))
        if row["ctr_no"] in known.fresh:
            known.fresh.remove(row["ctr_no"])
            return trial, True
        vals, sites = self._trial_vals(known, row), trial.site_ids
        own = sites.filtered(lambda site: site.institution_id == known.institution)
        if not own or (own != sites and "lead" not in own.mapped("role")):
            vals = {name: value for name, value in vals.items() if not trial[name]}
        changed = _differing(trial, vals)
        trial.write(changed)
        return trial, bool(changed)


def _differing(record, vals):
    """Return the values that are not there yet: nothing is written, logged or versioned for what is the same."""
    return {name: value for name, value in vals.items()
            if record._fields[name].convert_to_cache(value, record, validate=False)
            != record._fields[name].convert_to_cache(record[name], record, validate=False)}
