from odoo import api, fields, models

from ..tools import canonical

NO_ACCESS = fields.NO_ACCESS  # the engine alone, as superuser


class IntegrityMixin(models.AbstractModel):
    """Signs the fields that matter whenever they are written, so that changes behind the ORM's back are found.

    A class declares ``_integrity_fields = {1: ("name", "uscc")}``: version → names of stored fields that are written,
    not computed. A later version may name others; older signatures are verified by the version they were made with.
    """

    _name = "ctsp.integrity.mixin"
    _description = "Integrity"

    _integrity_fields: dict[int, tuple[str, ...]] = {}

    integrity_signature = fields.Text(readonly=True, copy=False, groups=NO_ACCESS)
    integrity_key_ref = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)
    integrity_version = fields.Integer(readonly=True, copy=False, groups=NO_ACCESS)
    integrity_state = fields.Selection(
        selection="_integrity_states", string="Integrity", compute="_compute_integrity_state", compute_sudo=True,
    )

    @api.model
    def _integrity_states(self):
        """Return the labels in the user's language: those of a mixin are not translated on the models that use it."""
        return list({
            "unsigned": self.env._("Not Signed"), "valid": self.env._("Intact"), "broken": self.env._("Altered"),
            "unknown": self.env._("Cannot Be Checked"),
        }.items())

    @api.depends("integrity_signature")
    def _compute_integrity_state(self):
        states = self._integrity_verify()
        for record in self:
            record.integrity_state = states.get(record.id, "unsigned")

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._integrity_seal()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._integrity_fields and vals.keys() & set(self._integrity_names()):
            self._integrity_seal()
        return result

    @api.model
    def _integrity_names(self, version=None):
        return self._integrity_fields[version or max(self._integrity_fields)]

    def _integrity_canonical(self, version=None):
        """Return the bytes that are signed: model, id, version and the values of its fields."""
        self.ensure_one()
        version = version or max(self._integrity_fields)
        return canonical.encode({
            "model": self._name, "id": self.id, "version": version,
            "values": {name: self._integrity_value(name) for name in self._integrity_names(version)},
        })

    def _integrity_value(self, name):
        field, content = self._fields[name], self[name]
        if field.relational:
            return sorted(content.ids) if field.type in ("one2many", "many2many") else content.id
        if field.type == "boolean":
            return bool(content)
        return None if content is False else content

    def _integrity_seal(self):
        """Sign the present values of the records; without a signer nothing happens."""
        if not self._integrity_fields:
            return
        signer, version = self.env["ctsp.signer"], max(self._integrity_fields)
        # superuser: the signature covers fields whoever writes may not read, and nobody may write it himself
        for record in self.sudo().with_context(active_test=False, bin_size=False):
            if signed := signer._sign(record._integrity_canonical()):
                signature, key_ref = signed
                record.write({
                    "integrity_signature": signature, "integrity_key_ref": key_ref, "integrity_version": version,
                })

    def _integrity_verify(self):
        """Return ``{id: state}``; states are those of ``integrity_state``."""
        signer, states = self.env["ctsp.signer"], {}
        # superuser: verification must not depend on what the one who asks may read
        for record in self.sudo().with_context(active_test=False, bin_size=False):
            if not record.integrity_signature:
                states[record.id] = "unsigned"
                continue
            version = record.integrity_version
            fits = version in self._integrity_fields and signer._verify(
                record._integrity_canonical(version), record.integrity_signature, record.integrity_key_ref
            )
            states[record.id] = {True: "valid", False: "broken", None: "unknown"}[fits]
        return states
