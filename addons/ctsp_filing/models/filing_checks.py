from odoo import models

from odoo.addons.ctsp_base.tools import clock, validators
from odoo.addons.ctsp_risk.tools.registry import Finding, check

from .filing import UNDER_WAY

REQUIRED = {
    "initial": ("uscc", "level_id", "district_id", "address", "office_phone", "contact_name", "contact_phone",
                "site_ids", "specialty_ids", "person_ids", "committee_ids", "licence_ids"),
    "change": ("reason", "change_date", "contact_name", "contact_phone"),
    "cancellation": ("reason", "contact_name", "contact_phone"),
}
"""fields that must be filled, by kind of filing"""


class Filing(models.Model):
    """Automatic checks at submission: the filing as a whole, its codes, duplicates, time limits."""

    _inherit = "ctsp.filing"

    @check("filing.complete")
    def _check_complete(self):
        """What every filing of its kind must say (管理规定: 备案信息真实、完整)."""
        for filing in self:
            for name in REQUIRED[filing.kind]:
                if not filing[name]:
                    yield Finding(filing, name, self.env._("This must be filled in."))

    @check("filing.changes_something")
    def _check_changes_something(self):
        """A change differs from the registry, a cancellation of specialties names them."""
        for filing in self.filtered("institution_id"):
            if filing.kind == "cancellation" and filing.scope == "specialty":
                if not any(filing.specialty_ids.mapped("removal")):
                    yield Finding(filing, "specialty_ids", self.env._("Tick the specialties to be cancelled."))
            elif filing.kind == "change" and not filing.change_count:
                yield Finding(filing, "reason", self.env._("Nothing differs from the registry."))

    @check("filing.codes")
    def _check_codes_valid(self):
        """Credit code, identity and telephone numbers are well formed (GB 32100, GB 11643)."""
        rules = {"id_number": validators.id_number, "mobile": validators.phone, "email": validators.email}
        for filing in self:
            if filing.uscc and not _valid(validators.uscc, filing.uscc):
                yield Finding(filing, "uscc", self.env._("The check character is wrong."))
            for line in filing.person_ids.filtered(lambda row: row.operation in ("add", "change")):
                for name, rule in rules.items():
                    if line[name] and not _valid(rule, line[name]):
                        yield Finding(filing, "person_ids", self.env._(
                            "%(person)s: “%(field)s” is not valid.", person=line.name, field=line._label_of(name)))

    @check("filing.late_change", days=5)
    def _check_late_change(self, days):
        """A change is filed within five working days (管理规定, 2019年第101号)."""
        today = clock.today()
        for filing in self.filtered(lambda f: f.kind == "change" and f.change_date):
            end = self.env["ctsp.workday"]._add(filing.change_date, days)
            handed_in = clock.local_date(filing.submitted_at) if filing.submitted_at else today
            if filing.change_date > today:
                yield Finding(filing, "change_date", self.env._("The day of the change lies in the future."))
            elif handed_in > end:
                yield Finding(filing, "change_date", self.env._(
                    "The change was to be filed by %(date)s (%(days)s working days).", date=end, days=days))

    @check("filing.duplicate_institution")
    def _check_duplicate_institution(self):
        """A first filing is not of an institution that is filed already, or under way in another filing."""
        first = self.filtered(lambda filing: filing.kind == "initial")
        registry = self.env["ctsp.institution"].search([
            ("state", "=", "filed"), "|", ("uscc", "in", first.filtered("uscc").mapped("uscc")),
            ("name", "in", first.mapped("name"))])
        codes = first.filtered("uscc").mapped("uscc")
        others = self.search([("kind", "=", "initial"), ("state", "in", UNDER_WAY), ("uscc", "in", codes)])
        for filing in first:
            if filing.uscc and filing.uscc in registry.mapped("uscc"):
                yield Finding(filing, "uscc", self.env._("An institution with this code is filed already."))
            elif filing.name in registry.mapped("name"):
                yield Finding(filing, "name", self.env._("An institution of this name is filed already."))
            elif any(other.uscc == filing.uscc for other in others - filing):
                yield Finding(filing, "uscc", self.env._("Another first filing with this code is under way."))

    @check("filing.duplicate_filing")
    def _check_duplicate_filing(self):
        """One filing of an institution at a time, so that proposals do not overtake each other."""
        others = self.search([
            ("institution_id", "in", self.institution_id.ids), ("state", "in", UNDER_WAY)])
        for filing in self.filtered("institution_id"):
            if others.filtered(lambda other, f=filing: other.institution_id == f.institution_id) - filing:
                yield Finding(filing, "institution_id", self.env._(
                    "Another filing of this institution is under way."))

    @check("filing.stale")
    def _check_stale(self):
        """The registry is as it was when the proposal was made."""
        for filing in self:
            conflicts = filing._conflicts()
            if conflicts:
                yield Finding(filing, "name", self.env._(
                    "The registry changed since the proposal was made: %(conflicts)s", conflicts="；".join(conflicts)))

    @check("filing.attachments")
    def _check_attachments(self):
        """Every required document is there (kinds are set on screen)."""
        kinds = self.env["ctsp.filing.attachment.kind"].search([])
        for filing in self:
            missing = kinds._required_for(filing) - filing.attachment_ids.kind_id
            if missing:
                yield Finding(filing, "attachment_ids", self.env._(
                    "Missing: %(kinds)s", kinds="、".join(missing.mapped("name"))))


def _valid(rule, value):
    try:
        rule(value)
    except ValueError:
        return False
    return True
