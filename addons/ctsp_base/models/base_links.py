from odoo import api, models


class Base(models.AbstractModel):
    """Every model: a screen that shows the names of linked records reads these names, not every column of them.

    Odoo's own :meth:`web_read` computes the names one model at a time from whole rows: long texts, signatures and
    boundaries of eighty trials, institutions and people for one column of a list.
    """

    _inherit = "base"

    @api.readonly
    def web_read(self, specification):
        self._fetch_link_names(specification)
        return super().web_read(specification)

    def _fetch_link_names(self, specification):
        """Bring what the names of the links in ``specification`` are made of into memory, and no more."""
        links = [
            name for name, wanted in specification.items()
            if (field := self._fields.get(name)) and field.store and field.type == "many2one"
            and "display_name" in (wanted.get("fields") or ())]
        if not links or not all(self._ids):
            return
        self.fetch([name for name in specification if name in self._fields])
        linked = {}
        for name in links:
            known = linked.get(self._fields[name].comodel_name, self.env[self._fields[name].comodel_name])
            linked[known._name] = known | self[name]
        for records in linked.values():
            # superuser, as in Odoo's own reading of these names: a link shows its name to whoever may read the link
            records.sudo().fetch(["display_name"])
