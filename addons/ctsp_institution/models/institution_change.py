from odoo import api, models


class InstitutionVersion(models.Model):
    """A correction or an import that changed an institution is an event; an approved filing has one of its own."""

    _inherit = "ctsp.institution.version"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._tell_change()
        return versions

    def write(self, vals):
        result = super().write(vals)
        if "content" in vals:  # completed by later changes of the transaction that made it
            self._tell_change()
        return result

    def _tell_change(self):
        self.filtered(lambda version: version.kind != "filing").institution_id._outbox_changed(
            "ctsp.institution.changed")
