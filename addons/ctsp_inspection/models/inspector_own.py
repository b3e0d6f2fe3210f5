from odoo import models
from odoo.exceptions import AccessError


class InspectorOwn(models.AbstractModel):
    """What an inspector says about himself: he adds rows and mends what he added; planners keep all of them.

    A declaration is not taken back by whom it concerns: rows of others, and whom or what a row is about, are fixed
    for him. The record rules keep him to his own inspector.
    """

    _name = "ctsp.inspector.own.mixin"
    _description = "Row of an Inspector"

    _own_fixed = ("inspector_id",)

    def write(self, vals):
        self._check_own(vals)
        return super().write(vals)

    def unlink(self):
        self._check_own({})
        return super().unlink()

    def _check_own(self, vals):
        if self.env.su or self.env.user.has_group("ctsp_base.group_planner"):
            return
        if fixed := [name for name in self._own_fixed if name in vals]:
            raise AccessError(self.env._(
                "“%(field)s” is fixed once it was entered.",
                field=self._fields[fixed[0]]._description_string(self.env)))
        for row in self:
            if row.create_uid != self.env.user:
                raise AccessError(self.env._(
                    "“%s” was entered by somebody else: ask the planners to change it.", row.display_name))
