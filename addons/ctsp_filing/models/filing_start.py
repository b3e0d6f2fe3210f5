from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .filing import LINE_FIELDS
from .filing_line_mixin import OPEN_STATES


class Filing(models.Model):
    """Beginning a filing: whose it is, and what the registry says now."""

    _inherit = "ctsp.filing"

    # ------------------------------------------------------------------
    # Whose filing
    # ------------------------------------------------------------------
    @api.model
    def _own_company(self):
        """Return the company of an outside user, nothing for others."""
        user = self.env.user
        return user.partner_id.commercial_partner_id if user.share else self.env["res.partner"]

    @api.model
    def _own_institution(self):
        """Return the institution of an outside user, nothing for others."""
        company = self._own_company()
        if not company:
            return self.env["ctsp.institution"]
        return self.env["ctsp.institution"].search([("partner_id", "=", company.id)], limit=1)

    @api.model
    def _default_kind(self):
        return "initial" if self._own_company() and self._own_institution().state != "filed" else "change"

    @api.model
    def _with_institution(self, vals):
        """Return the values of a new filing with applicant, institution and its name settled by the server."""
        vals = {name: value for name, value in vals.items() if name != "applicant_id"}
        vals.setdefault("kind", self._default_kind())
        institution = self._own_institution() or self.env["ctsp.institution"].browse(vals.get("institution_id"))
        institution.check_access("read")  # nobody files for an institution he may not see
        self._check_kind_fits(vals["kind"], institution)
        vals["institution_id"] = institution.id
        # contacts are closed to officers
        vals["applicant_id"] = (institution.sudo().partner_id or self._new_applicant(vals.get("name"))).id
        if institution and not vals.get("name"):
            vals["name"] = institution.name
        return vals

    @api.model
    def _check_kind_fits(self, kind, institution):
        """A filed institution changes or cancels; one that is not filed (any more) files for the first time."""
        if kind == "initial":
            if institution.state == "filed":
                raise UserError(self.env._(
                    "Kind: %(institution)s is filed already; file a change instead of a first filing.",
                    institution=institution.name))
        elif not institution:
            raise UserError(self.env._(
                "Registered Institution: a change or cancellation needs the institution it is about."))
        elif institution.state != "filed":
            raise UserError(self.env._(
                "%(institution)s is not filed; there is nothing to change or cancel.", institution=institution.name))

    @api.model
    def _new_applicant(self, name):
        """Return who files for the first time: the outside user's company, else a new company."""
        # an officer who enters a filing handed in on paper has no rights on contacts
        return self._own_company() or self.env["res.partner"].sudo().create({"name": name or "?", "is_company": True})

    # ------------------------------------------------------------------
    # What the registry says
    # ------------------------------------------------------------------
    def action_prefill(self):
        """Drop the proposed content and start again from the registry (button; needs write access)."""
        self.check_access("write")
        for filing in self:
            if filing.state not in OPEN_STATES or not filing.institution_id:
                raise UserError(self.env._("Only the open filing of a registered institution can start from there."))
            for name in LINE_FIELDS:
                filing.sudo()[name].unlink()  # write access to the filing was checked; rows follow it
            filing._prefill()
        return True

    def action_rebase(self):
        """Compare with the registry of today; what the institution proposes stays (button; needs write access)."""
        self.check_access("write")
        for filing in self.sudo():  # rows follow the filing, whose write access was checked
            if filing.state not in OPEN_STATES:
                raise UserError(self.env._("The filing has been handed in."))
            for row in filing._proposals():
                row._rebase()
        return True

    def _proposals(self):
        """Yield the filing itself and every row below it as proposals."""
        self.ensure_one()
        yield self
        for name in LINE_FIELDS:
            for row in self[name]:
                yield row
                yield from row._sub_rows()

    def _prefill(self):
        """Repeat the registry's present content, so that the user edits only what changes."""
        self.ensure_one()
        filing = self.sudo()  # an institution's own data copied into its own filing; target links are not for users
        registry = filing.institution_id
        vals = filing._prefill_from(registry)
        vals.pop("institution_id")
        filing.write(vals)
        if filing.kind == "cancellation":
            if filing.scope == "specialty":
                filing._prefill_rows("specialty_ids", registry.specialty_ids.filtered(lambda s: s.state == "filed"))
        else:
            filing._prefill_all(registry)
        for row in filing._proposals():
            row._take_base()

    def _prefill_all(self, registry):
        self._prefill_rows("site_ids", registry.site_ids)
        self._prefill_rows("licence_ids", registry.licence_ids)
        people = self._prefill_rows("person_ids", registry.person_ids)
        for line in people:
            line.experience_ids = [
                Command.create(line.experience_ids._prefill_from(row)) for row in line.target_id.experience_ids]
        specialties = self._prefill_rows("specialty_ids", registry.specialty_ids.filtered(lambda s: s.state == "filed"))
        self._prefill_links(specialties)
        for line in self._prefill_rows("committee_ids", registry.ethics_committee_ids):
            line.member_ids = [
                Command.create(line.member_ids._prefill_from(row)) for row in line.target_id.member_ids]
            self._prefill_links(line.member_ids)

    def _prefill_rows(self, name, targets):
        rows = self[name]
        return rows.create([
            {**rows._prefill_from(target), "filing_id": self.id, "sequence": position}
            for position, target in enumerate(targets, 1)])

    def _prefill_links(self, rows):
        """Point links at the proposal rows that stand for the registry's records."""
        lines = {line.target_id: line for line in (*self.person_ids, *self.site_ids)}
        for row in rows:
            for name, other in row._proposal_links.items():
                found = [lines[target].id for target in row.target_id[other] if target in lines]
                single = row._fields[name].type == "many2one"
                row[name] = (found[0] if found else False) if single else [Command.set(found)]
