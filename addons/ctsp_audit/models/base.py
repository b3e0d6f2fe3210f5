from odoo import api, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class Base(models.AbstractModel):
    """Every model: what declared models create, change, delete and read goes to the log.

    A class says ``_audit_what = "write"`` or ``"read"`` (reads too). Classes with a workflow, personal data or
    signatures are logged without asking (``ctsp.audit.scope``). The values are those that reach the ORM's own methods,
    after all overrides of the class.
    """

    _inherit = "base"

    _audit_what = None

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._audit_level():
            self.env["ctsp.audit.recorder"]._created(records, vals_list)
        return records

    def write(self, vals):
        if not all(self._ids) or not self._audit_level():  # records in the making are not there yet
            return super().write(vals)
        recorder = self.env["ctsp.audit.recorder"]
        before = recorder._before(self, vals)
        result = super().write(vals)
        recorder._written(self, before)
        return result

    def unlink(self):
        if not self or not self.pool.ready or self._transient or MODULE_UNINSTALL_FLAG in self.env.context:
            return super().unlink()
        recorder = self.env["ctsp.audit.recorder"]
        doomed = recorder._doomed(self)
        result = super().unlink()
        recorder._deleted(doomed)
        return result

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load)
        if self and not self.env.su and self._audit_level() == "read":
            self.env["ctsp.audit.recorder"]._read(self)
        return result

    @api.model
    def _audit_level(self):
        """Return ``"write"``, ``"read"`` or None: what of this model is logged."""
        if not self.pool.ready or self._abstract or self._transient:
            return None
        return self.env["ctsp.audit.scope"]._levels().get(self._name)
