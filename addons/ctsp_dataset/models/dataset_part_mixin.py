from odoo import api, models


class DatasetPartMixin(models.AbstractModel):
    """A part of a version (field, rule): fixed unless the version is a draft; who writes one is an author."""

    _name = "ctsp.dataset.part.mixin"
    _description = "Part of a Data Set Version"
    _inherit = ["ctsp.fixed.mixin"]
    _fixed_by = "version_id"
    _fixed_for_superuser = True

    @api.model
    def _check_whole(self, whole):
        whole._check_draft()
        whole._touch()
