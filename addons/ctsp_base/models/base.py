from odoo import api, models

from ..tools.personal import CLEAR_GROUPS, is_personal


class Base(models.AbstractModel):
    """Every model: related fields do not lead around the protection of personal data; exports are logged."""

    _inherit = "base"

    @api.model
    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        for field in self._fields.values():
            if field.related and is_personal(self.pool, field):
                field.groups = CLEAR_GROUPS
        return result

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["ctsp.audit.port"]._log(
            "export", self, fields=fields_to_export,
            personal=[path for path in fields_to_export if self._is_personal_path(path)],
        )
        return result

    @api.model
    def _is_personal_path(self, path):
        """Return whether an export path (``partner_id/phone``) ends at personal data."""
        model = self
        for name in path.replace(".id", "id").split("/"):
            field = model._fields.get(name)
            if field is None:
                return False
            if is_personal(self.pool, field):
                return True
            model = self.env[field.comodel_name] if field.relational else model
        return False
