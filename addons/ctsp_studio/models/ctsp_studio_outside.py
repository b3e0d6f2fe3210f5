from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CtspStudioField(models.Model):
    """What institutions have to do with an added field: nothing, unless the administrator says so.

    A model whose records they write themselves names itself in ``_studio_outside``; a model of the registry names the
    model in which they propose its values (a filing, or a row of one). That model gets a column of the same name and
    type, and the addon that owns it carries the value over when the proposal is approved.
    """

    _inherit = "ctsp.studio.field"

    outside = fields.Selection(
        [("hidden", "Not Shown"), ("read", "Shown"), ("write", "Filled in by Them")], string="For Institutions",
        required=True, default="hidden",
        help="Filled in: on their desk, in a filing; what they fill in reaches the registry when it is approved.")
    proposal_column_id = fields.Many2one("ir.model.fields", readonly=True, copy=False, ondelete="set null")

    @api.model
    def _outside_model(self, model):
        """Return the name of the model in which institutions fill in fields of ``model``, None when they never do."""
        return getattr(self.env.registry.get(model), "_studio_outside", None)

    @api.constrains("outside", "model_id")
    def _check_outside(self):
        for field in self:
            if field.outside == "write" and not self._outside_model(field.model):
                raise ValidationError(self.env._(
                    "For Institutions: “%(form)s” is kept by the regulator; institutions may be shown a field of it, "
                    "they do not fill it in.", form=field.model_id.name))

    @api.constrains("outside", "personal")
    def _check_personal_outside(self):
        """What a proposal is compared with must be encrypted, too."""
        for field in self.filtered(lambda field: field.personal and field.outside == "write"):
            proposal = self.env.registry[self._outside_model(field.model)]
            if "base_values" not in getattr(proposal, "_encrypted_names", ()):
                raise ValidationError(self.env._(
                    "For Institutions: personal data of “%(form)s” is not filled in by institutions; add the field to "
                    "the form of persons.", form=field.model_id.name))

    def _column_values(self):
        """Columns of the registry are read at most: what institutions say about them they say in a filing."""
        direct = self._outside_model(self.model) == self.model
        outside = "read" if self.outside == "write" and not direct else self.outside
        return super()._column_values() | {"ctsp_outside": outside}

    def _create_column(self):
        super()._create_column()
        self._settle_proposal()

    def _update_column(self):
        super()._update_column()
        self._settle_proposal()

    def _settle_proposal(self):
        """Make, open or close the column in which institutions propose values of this field."""
        target = self._outside_model(self.model)
        if target in (None, self.model):
            return
        # columns are made and changed only through this screen
        column = self.sudo().proposal_column_id
        if column:
            self._refresh_column(column, ctsp_outside="write" if self.outside == "write" else "hidden")
        elif self.outside == "write":
            column = self._make_column(target, self.technical_name)
            self._keep(proposal_column_id=column.id)
            self._refresh_column(column, ctsp_outside="write")

    def _columns(self):
        return super()._columns() | self.sudo().proposal_column_id  # as there
