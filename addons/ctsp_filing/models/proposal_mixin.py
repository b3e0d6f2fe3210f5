from odoo import fields, models

from odoo.addons.ctsp_base.tools import digest

EMPTY = (False, [], 0)
"""canonical values that say nothing"""


class ProposalMixin(models.AbstractModel):
    """Proposed content of one registry record, compared three ways.

    ``base_values`` is what the registry held when the proposal was prepared. Proposal against base tells what the
    institution changes; registry against base tells what somebody else changed meanwhile. Only changed fields are ever
    written, so that a proposal never takes back what it does not speak of.

    Values are compared in canonical form: identifiers for relations, ISO text for dates, a digest for personal data
    (the base must not be a second place where telephone numbers can be read).
    """

    _name = "ctsp.proposal.mixin"
    _description = "Proposed Content"

    _proposal_target = "target_id"
    """many2one to the registry record; empty for a new one"""
    _proposal_fields = ()
    """fields that have the same name and type in the registry"""
    _proposal_links = {}
    """relation to other proposal rows → relation of the registry record"""
    _proposal_files = {}
    """binary field → its file name field; copied when a file is given, existing files stay"""
    _proposal_personal = ()
    """fields of ``_proposal_fields`` that hold personal data"""

    base_values = fields.Json(readonly=True, copy=False)

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------
    def _proposal_names(self):
        """Return the names that are compared. A class with values that are no plain fields adds them."""
        return self._plain_names()

    def _plain_names(self):
        """Return the fields of the same name in the registry: declared ones, those added to both on screen."""
        if self._abstract:
            return list(self._proposal_fields)
        registry = self.env[self._fields[self._proposal_target].comodel_name]
        added = [
            name for name, field in self._fields.items()
            if field.manual and field.store and name in registry._fields and registry._fields[name].type == field.type
            and field.type not in ("one2many", "many2many", "binary")
            and getattr(field, "ctsp_outside", None) != "hidden"  # proposed once, closed since
        ]
        return [*self._proposal_fields, *added]

    def _is_personal_proposal(self, name):
        """Say whether a value is personal: declared so, or added on screen as such."""
        field = self._fields.get(name)  # values that are no plain fields are declared
        return name in self._proposal_personal or bool(field and field.manual and field.groups)

    # ------------------------------------------------------------------
    # Canonical values
    # ------------------------------------------------------------------
    def _canonical(self, record, name):
        """Return the comparable value of ``record[name]``."""
        field, value = record._fields[name], record[name]
        if self._is_personal_proposal(name):
            return digest.sm3(str(value).encode()) if value else False
        if field.type == "many2one":
            return value.id
        if field.type in ("many2many", "one2many"):
            return sorted(value.ids)
        if field.type == "float":
            return round(value, 7)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else False
        if field.type in ("char", "text"):
            return value.strip() if value else False
        return value

    def _link_value(self, name):
        """Return the registry ids a link stands for; rows that are not in the registry yet get negative ids."""
        ids = sorted(row.target_id.id or -row._origin.id for row in self[name])
        if self._fields[name].type == "many2one":
            return ids[0] if ids else False
        return ids

    def _proposed_values(self):
        """Return ``{name: canonical value}`` as proposed."""
        self.ensure_one()
        values = {name: self._canonical(self, name) for name in self._proposal_names()}
        return values | {name: self._link_value(name) for name in self._proposal_links}

    def _registry_values(self):
        """Return ``{name: canonical value}`` as the registry holds it now."""
        self.ensure_one()
        target = self[self._proposal_target]
        values = {name: self._canonical(target, name) for name in self._proposal_names()}
        return values | {name: self._canonical(target, other) for name, other in self._proposal_links.items()}

    # ------------------------------------------------------------------
    # Comparison
    # ------------------------------------------------------------------
    def _given_files(self):
        """Return the binary fields in which a (new) file was handed in."""
        row = self.with_context(bin_size=True)
        return [name for name in self._proposal_files if row[name]]

    def _changed_names(self):
        """Return the fields whose proposed value differs from the base; all filled ones of a new record."""
        self.ensure_one()
        proposed = self._proposed_values()
        if not self[self._proposal_target]:
            return [name for name, value in proposed.items() if value not in EMPTY] + self._given_files()
        base = self.base_values or self._registry_values()  # without a base nothing may be emptied
        changed = [
            name for name, value in proposed.items()
            if (value != base[name] if name in base else value not in EMPTY)]  # a field may be younger than the filing
        return changed + self._given_files()

    def _conflicting_names(self):
        """Return the fields this proposal changes that the registry changed, too, since it was prepared."""
        self.ensure_one()
        if not self[self._proposal_target] or not self.base_values:
            return []
        now, proposed, base = self._registry_values(), self._proposed_values(), self.base_values
        return [
            name for name in self._changed_names()
            if name in now and now[name] != base.get(name, now[name]) and now[name] != proposed[name]
        ]

    # ------------------------------------------------------------------
    # From and to the registry
    # ------------------------------------------------------------------
    def _copy_value(self, record, name):
        """Return ``record[name]`` as a value for create and write."""
        value = record[name]
        field = record._fields[name]
        if field.type == "many2one":
            return value.id
        if field.type == "many2many":
            return [fields.Command.set(value.ids)]
        return value

    def _prefill_from(self, target):
        """Return the values of a proposal row that repeats ``target``, links left out."""
        vals = {name: self._copy_value(target, name) for name in self._proposal_names()}
        return {**vals, self._proposal_target: target.id}

    def _registry_vals(self):
        """Return the values to write on (or create) the registry record: changed fields only."""
        self.ensure_one()
        vals = {}
        for name in self._changed_names():
            if name in self._proposal_files:
                filename = self._proposal_files[name]
                vals.update({name: self[name], filename: self[filename]})
            elif name in self._proposal_links:
                vals[self._proposal_links[name]] = self._link_vals(name)
            else:
                vals[name] = self._copy_value(self, name)
        return vals

    def _link_vals(self, name):
        """Return the registry value of a link; every linked row has its registry record by now."""
        targets = self[name].target_id
        return targets.id if self._fields[name].type == "many2one" else [fields.Command.set(targets.ids)]

    def _take_base(self):
        """Remember what the registry holds now."""
        for row in self:
            if row[row._proposal_target]:
                row.base_values = row._registry_values()

    def _rebase(self):
        """Compare with the registry of today: fields not proposed to change follow it, proposed changes stay."""
        self.ensure_one()
        target = self[self._proposal_target]
        if not target or not self.base_values:
            return
        changed, now = set(self._changed_names()), self._registry_values()
        present = self._prefill_from(target)
        self.write({
            name: value for name, value in present.items()
            if name not in changed and name != self._proposal_target})
        settled = {name: value for name, value in now.items() if name in changed or name not in self._proposal_links}
        self.base_values = {**self.base_values, **settled}
