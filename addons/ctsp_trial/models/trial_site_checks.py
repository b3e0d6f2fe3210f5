from odoo import fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_risk.tools.registry import Finding, check


class Trial(models.Model):
    """Compliance checks of the institutions that take part: qualification, investigator, ethics, contract.

    Only rows of institutions of the registry are judged: nothing is known here about the others.
    """

    _name = "ctsp.trial"
    _inherit = ["ctsp.trial"]

    def _local_sites(self):
        """Rows of the registry's institutions where the trial is, or was, under way."""
        return self.site_ids.filtered(
            lambda site: site.institution_id and (site.start_date or site.trial_id.is_running))

    @check("trial.institution")
    def _check_institution_filed(self):
        """The institution and the specialty are filed (药物临床试验机构管理规定, 2019年第101号)."""
        for site in self._local_sites().filtered(lambda site: not site.end_date):
            if site.institution_id.state != "filed":
                yield Finding(site.trial_id, "site_ids", self.env._("%s is not filed.", site.name))
            elif not site.specialty_id:
                yield Finding(site.trial_id, "site_ids", self.env._("%s: the specialty is not given.", site.name))
            elif site.specialty_id.state != "filed":
                yield Finding(site.trial_id, "site_ids", self.env._(
                    "%(institution)s: the specialty “%(specialty)s” is not filed.",
                    institution=site.name, specialty=site.specialty_id.name))

    @check("trial.investigator", min_trials=3)
    def _check_investigator(self, min_trials):
        """The investigator is named, has a senior title and took part in enough trials (管理规定)."""
        for site in self._local_sites():
            person = site.pi_id
            if not person:
                yield Finding(site.trial_id, "site_ids", self.env._("%s: no investigator is named.", site.name))
            elif person.title_id.mark != "senior":
                yield Finding(site.trial_id, "site_ids", self.env._(
                    "%(institution)s: %(person)s has no senior professional title.",
                    institution=site.name, person=person.name))
            elif person.proven_trial_count < min_trials:
                yield Finding(site.trial_id, "site_ids", self.env._(
                    "%(institution)s: %(person)s has proof of %(number)s trials, %(minimum)s are required.",
                    institution=site.name, person=person.name, number=person.proven_trial_count, minimum=min_trials))

    @check("trial.ethics")
    def _check_ethics_approval(self):
        """Ethics approved before the trial started at the institution (GCP 2026, Article 14)."""
        for site in self._local_sites():
            if not site.ethics_date:
                yield Finding(site.trial_id, "site_ids", self.env._("%s: no ethics approval is recorded.", site.name))
            elif site.start_date and site.start_date < site.ethics_date:
                yield Finding(site.trial_id, "site_ids", self.env._(
                    "%(institution)s: started on %(start)s, before the ethics approval of %(approval)s.",
                    institution=site.name, start=site.start_date, approval=site.ethics_date))

    @check("trial.ethics_follow_up", months=12)
    def _check_ethics_follow_up(self, months):
        """Continuing review at least every twelve months (GCP 2026, Article 14)."""
        limit = fields.Date.subtract(clock.today(), months=months)
        for site in self._local_sites().filtered(lambda site: site.trial_id.is_running and not site.end_date):
            last = max(filter(None, (site.ethics_date, site.ethics_review_date)), default=None)
            if last and last < limit:
                yield Finding(site.trial_id, "site_ids", self.env._(
                    "%(institution)s: the last ethics review was on %(date)s, more than %(months)s months ago.",
                    institution=site.name, date=last, months=months))

    @check("trial.contract")
    def _check_contract(self):
        """A contract is signed before the trial starts at the institution (GCP 2026, duties of the sponsor)."""
        for site in self._local_sites().filtered("start_date"):
            signed = min(site.contract_ids.mapped("date"), default=None)
            if not signed:
                yield Finding(site.trial_id, "contract_ids", self.env._("%s: no contract is recorded.", site.name))
            elif signed > site.start_date:
                yield Finding(site.trial_id, "contract_ids", self.env._(
                    "%(institution)s: the first contract was signed on %(signed)s, after the start on %(start)s.",
                    institution=site.name, signed=signed, start=site.start_date))
