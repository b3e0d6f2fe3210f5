from odoo import api, fields, models

from ..tools.import_places import Place
from ..tools.import_resolver import RelationResolver

SHOWN = 12  # records named in a hint


class ImportTarget(models.Model):
    """One field that an import may fill, under its label; users may not read the list of all fields."""

    _name = "ctsp.import.target"
    _description = "Import Field"
    _rec_name = "label"
    _order = "id"

    job_id = fields.Many2one("ctsp.import.job", required=True, ondelete="cascade", index=True)
    field_name = fields.Char("Technical Name", required=True)
    label = fields.Char("Field", required=True)
    is_required = fields.Boolean("Required")
    is_key = fields.Boolean("Key", help="Existing records are found by it.")
    hint = fields.Char("How to Fill It In")

    @api.depends("label", "is_required")
    def _compute_display_name(self):
        for target in self:
            target.display_name = f"{target.label} *" if target.is_required else target.label

    @api.model
    def _commands(self, model):
        """Return the commands that create the fields of ``model`` the current user may import."""
        keys = set()
        for key in model._import_keys:
            keys.update([key] if isinstance(key, str) else key)
        return [
            fields.Command.create({
                "field_name": place.path, "label": place.label, "is_required": bool(place.field.required),
                "is_key": place.path in keys or not place.is_value, "hint": self._hint(place),
            }) for place in (Place(model, path) for path in model._import_field_names())
        ]

    @api.model
    def _relation_hint(self, place):
        """Name the records to choose from when they are few."""
        if scopes := place.scope_labels():
            return self.env._("Name or code, looked up within: %(columns)s", columns="、".join(scopes))
        names = RelationResolver(place.owner, place.name).names(SHOWN + 1)
        if 0 < len(names) <= SHOWN:
            return "、".join(names)
        return self.env._("Name or code")

    @api.model
    def _hint(self, place):
        """Say in words what a cell of this column looks like."""
        field = place.field
        if field.type == "selection":
            return "、".join(label for _key, label in field._description_selection(self.env))[:500]
        if field.comodel_name:
            several = self.env._("Several, separated by 、") if field.type == "many2many" else ""
            return " ".join(filter(None, [self._relation_hint(place), several]))
        hints = {
            "date": self.env._("Date, e.g. 2026-09-05"), "datetime": self.env._("Date and time, e.g. 2026-09-05 14:30"),
            "integer": self.env._("Whole number"), "float": self.env._("Number"), "monetary": self.env._("Number"),
            "boolean": self.env._("Yes or No"),
        }
        return hints.get(field.type, self.env._("Text"))
