from odoo import api, models


class DatasetPartMixin(models.AbstractModel):
    """A part of a version (field, rule): fixed unless the version is a draft."""

    _name = "ctsp.dataset.part.mixin"
    _description = "Part of a Data Set Version"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.version_id._check_draft()
        parts.version_id._touch()
        return parts

    def write(self, vals):
        self.version_id._check_draft()
        self.version_id._touch()
        done = super().write(vals)
        if "version_id" in vals:
            self.version_id._check_draft()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self.version_id._check_draft()
        self.version_id._touch()
