from odoo import api, models

from ..tools.placement import BUILDERS, Placed

VIEW_KEY = "ctsp_studio.added_fields"


class CtspStudioField(models.Model):
    """Puts the added fields where they are wanted.

    One inherited view per primary form, list and search holds all added fields that stand on it, proposals of
    institutions and columns in lists of rows among them: it is made anew whenever one of them changes.
    """

    _inherit = "ctsp.studio.field"

    def _place(self):
        """Make the views anew on which the fields of these records' models stand."""
        models = set(self.mapped("model"))
        for model in sorted(models | {screen for name in models for screen in self._screens_of(name)}):
            self._place_on(model)

    @api.model
    def _screens_of(self, model):
        """Return the models whose views show the proposals of ``model``'s fields."""
        target = self._outside_model(model)
        if target in (None, model):
            return []
        whole = self._whole_of(target)
        return [whole] if whole else [target]

    @api.model
    def _whole_of(self, model):
        """Return the model that rows of ``model`` are edited in, None when it has forms of its own."""
        parent = getattr(self.env.registry[model], "_desk_parent", None)
        return self.env[model]._fields[parent].comodel_name if parent else None

    @api.model
    def _place_on(self, model):
        # the administrator of forms has no right on views themselves, only through this screen
        views = self.env["ir.ui.view"].sudo()
        views.search([("model", "=", model), ("key", "=", VIEW_KEY)]).unlink()
        own = self.search([("model", "=", model), ("technical_name", "!=", False)])
        proposed, rows = self._proposed_on(model)
        if not (own or proposed or rows):
            return
        desk = self._desk_views()
        for primary in views.search([
                ("model", "=", model), ("type", "in", list(BUILDERS)), ("inherit_id", "=", False)]):
            base = primary.with_context(lang=None)._get_combined_arch()
            shown = own.filtered(lambda field: field.outside != "hidden") if primary in desk else own
            title = self.env._("More Information")
            arch = BUILDERS[primary.type](base, [field._placed() for field in shown], title, proposed, rows)
            if arch:
                views.create({
                    "name": f"{model}.{primary.type}.added", "key": VIEW_KEY, "model": model,
                    "inherit_id": primary.id, "priority": 90, "arch": arch})

    @api.model
    def _desk_views(self):
        """Return the views served to outside users."""
        # entries of the desk and their actions are set-up, which whoever changes screens need not read
        entries = self.env["ctsp.desk.entry"].sudo().with_context(active_test=False).search([])
        return entries.action_id.view_ids.view_id

    @api.model
    def _proposed_on(self, model):
        """Return what institutions propose on the views of ``model``: fields of its own, and by list of rows."""
        proposed, rows = [], {}
        for field in self.search([("outside", "=", "write"), ("proposal_column_id", "!=", False)]):
            target = self._outside_model(field.model)
            if target == model:
                proposed.append(field._placed(proposal=True))
            elif self._whole_of(target) == model:
                for name, lines in self.env[model]._fields.items():
                    if lines.type == "one2many" and lines.comodel_name == target:
                        rows.setdefault(name, []).append(field._placed(proposal=True))
        return proposed, rows

    def _placed(self, proposal=False):
        """Return how this field stands on a screen. A proposal may be left open until the filing is complete."""
        return Placed(
            self.technical_name, self.name, self.kind, required=self.required and not proposal,
            in_list=self.in_list, in_search=self.in_search and not (self.personal and self.kind == "text"),
            whole=self.personal)
