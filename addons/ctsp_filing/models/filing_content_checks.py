from odoo import fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_risk.tools.registry import Finding, check


class Filing(models.Model):
    """Automatic checks at submission: investigators, training, licences, ethics committees."""

    _inherit = "ctsp.filing"

    def _specialties_to_check(self):
        """Return the specialties whose investigator the filing answers for: new ones and those that change."""
        return self.specialty_ids.filtered(lambda line: line.operation in ("add", "change"))

    @check("filing.pi_present")
    def _check_pi_present(self):
        """Each specialty is led by a principal investigator, who stays where the specialty stays as it is."""
        for filing in self:
            for line in filing.specialty_ids.filtered(lambda row: row.operation != "remove"):
                missing = not line.pi_line_id and line.operation != "keep"
                if missing or line.pi_line_id.operation == "remove":
                    yield Finding(filing, "specialty_ids", self.env._(
                        "%(specialty)s: name the principal investigator.", specialty=line.name))

    @check("filing.site_present")
    def _check_site_present(self):
        """A specialty does not lose its last site while it stays filed."""
        for filing in self:
            for line in filing.specialty_ids.filtered(lambda row: row.operation != "remove" and row.site_line_ids):
                if all(site.operation == "remove" for site in line.site_line_ids):
                    yield Finding(filing, "specialty_ids", self.env._(
                        "%(specialty)s: every one of its sites is to be removed; name another one.",
                        specialty=line.name))

    @check("filing.pi_title", mark="senior")
    def _check_pi_title(self, mark):
        """A principal investigator holds a senior professional title (高级职称; 管理规定, 2019年第101号)."""
        for filing in self:
            for line in filing._specialties_to_check().filtered("pi_line_id"):
                if line.pi_line_id.title_id.mark != mark:
                    yield Finding(filing, "specialty_ids", self.env._(
                        "%(specialty)s: %(person)s needs a senior professional title.",
                        specialty=line.name, person=line.pi_line_id.name))

    @check("filing.pi_trials", minimum=3)
    def _check_pi_trials(self, minimum):
        """A principal investigator took part in three or more drug trials, each with proof (2019年第101号)."""
        for filing in self:
            for line in filing._specialties_to_check().filtered("pi_line_id"):
                proven = line.pi_line_id._proven_trials()
                if proven < minimum:
                    yield Finding(filing, "specialty_ids", self.env._(
                        "%(specialty)s: %(person)s proves %(proven)s trials; at least %(minimum)s are needed.",
                        specialty=line.name, person=line.pi_line_id.name, proven=proven, minimum=minimum))

    @check("filing.gcp", years=5)
    def _check_gcp(self, years):
        """Investigators are trained in good clinical practice and the certificate is in date (GCP Art. 19–20).

        A certificate without an end counts for ``years`` years.
        """
        today = clock.today()
        for filing in self:
            leading = filing._specialties_to_check().pi_line_id
            for person in leading | filing.person_ids.filtered(lambda row: row.operation == "add"):
                end = person.gcp_valid_to or (
                    person.gcp_date and fields.Date.add(person.gcp_date, years=years))
                if not end or end < today:
                    yield Finding(filing, "person_ids", self.env._(
                        "%(person)s: no valid GCP certificate.", person=person.name))

    @check("filing.licence")
    def _check_licence(self):
        """Licences are in force on the day of submission."""
        today = clock.today()
        for filing in self.filtered(lambda f: f.kind != "cancellation"):
            for licence in filing.licence_ids:
                if not licence.removal and licence.valid_to and licence.valid_to < today:
                    yield Finding(filing, "licence_ids", self.env._(
                        "%(licence)s expired on %(date)s.", licence=licence.display_name, date=licence.valid_to))

    @check("filing.duplicate_rows")
    def _check_duplicate_rows(self):
        """No specialty and no person is listed twice."""
        for filing in self:
            specialties = filing.specialty_ids.filtered(lambda line: line.operation != "remove")
            for name in _twice(specialties.mapped("name")):
                yield Finding(filing, "specialty_ids", self.env._("“%(name)s” is listed twice.", name=name))
            people = filing.person_ids.filtered(lambda line: line.operation != "remove")
            for number in _twice(people.filtered("id_number").mapped("id_number")):
                names = people.filtered(lambda line, n=number: line.id_number == n).mapped("name")
                yield Finding(filing, "person_ids", self.env._(
                    "The same identity number is given for %(names)s.", names="、".join(names)))

    @check("filing.committee", members=7)
    def _check_committee(self, members):
        """At least seven members of both sexes, one not of the institution, a chair (伦理审查办法, 2023)."""
        for filing in self:
            for committee in filing.committee_ids.filtered(lambda row: row.operation in ("add", "change")):
                rows = committee.member_ids.filtered(lambda row: not row.removal)
                for message in self._committee_faults(rows, members):
                    yield Finding(filing, "committee_ids", f"{committee.name}：{message}")

    def _committee_faults(self, rows, members):
        if len(rows) < members:
            yield self.env._("%(count)s members; at least %(minimum)s are needed.", count=len(rows), minimum=members)
        if len(set(rows.filtered("gender").mapped("gender"))) < 2:
            yield self.env._("members of both sexes are needed.")
        if not any(rows.mapped("is_external")):
            yield self.env._("a member from outside the institution is needed.")
        if "chair" not in rows.mapped("role"):
            yield self.env._("a chair is needed.")
        if len(rows.filtered(lambda member: member.role == "chair")) > 1:
            yield self.env._("there can be only one chair.")

    @check("filing.cancel_trials")
    def _check_cancel_trials(self):
        """A cancellation names what happens to trials under way (管理规定: 保护在研受试者)."""
        for filing in self.filtered(lambda f: f.kind == "cancellation"):
            count = filing._ongoing_trials()
            if count:
                yield Finding(filing, "reason", self.env._(
                    "%(count)s trials are under way: say how their subjects are protected.", count=count))

    def _ongoing_trials(self):
        """Return the number of trials under way at what this cancellation ends."""
        self.ensure_one()
        domain = [("institution_id", "=", self.institution_id.id), ("trial_id.status_id.mark", "=", "ongoing")]
        if self.scope == "specialty":
            domain.append(("specialty_id", "in", self.specialty_ids.filtered("removal").target_id.ids))
        return self.env["ctsp.trial.site"].search_count(domain)


def _twice(values):
    seen, doubled = set(), []
    for value in values:
        if value in seen and value not in doubled:
            doubled.append(value)
        seen.add(value)
    return doubled
