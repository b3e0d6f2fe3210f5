
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.ctsp_base.tools import canonical
from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import definition as model
from ..tools.unreadable import Unreadable


class DatasetVersion(models.Model):
    """Rows on the screen ↔ the definition as plain data."""

    _inherit = "ctsp.dataset.version"

    def _definition(self):
        """Return the :class:`Definition`: the frozen one of what is published, else that of the rows."""
        self.ensure_one()
        if self.definition:
            if sm3(canonical.encode(self.definition)) != self.digest:
                raise UserError(self.env._(
                    "“%(version)s”: its definition is not the one that was published (SM3).",
                    version=self.display_name))
            return model.load(self.definition)
        return model.load(self._data())

    def _data(self):
        keys = [code.strip() for code in (self.key_codes or "").replace("，", ",").split(",") if code.strip()]
        return {
            "code": self.dataset_id.code or "", "name": self.dataset_id.name or "", "version": self.number or "",
            "description": self.description or "", "source": self.source or "", "mode": self.mode, "keys": keys,
            "fields": [item._data() for item in self.all_field_ids.filtered(lambda f: not f.parent_id).sorted()],
            "rules": [rule._data() for rule in self.rule_ids.sorted()]}

    def _freeze(self):
        """Keep the definition as it is now, with its digest."""
        for version in self:
            data = model.load(version._data()).as_dict()
            # sudo: nobody else writes it, whoever publishes
            version.sudo().write({"definition": data, "digest": sm3(canonical.encode(data))})

    @api.model
    def _from_data(self, dataset, data):
        """Return a new draft of ``dataset`` with the content ``data``."""
        version = self.create({"dataset_id": dataset.id, "number": data.get("version") or "1.0"})
        version._fill(data)
        return version

    def _fill(self, data):
        """Replace the content of a draft by plain ``data``."""
        self.ensure_one()
        self._check_draft()
        try:
            loaded = model.load({"code": self.code, "name": self.dataset_id.name} | data)
        except (TypeError, ValueError) as error:
            raise Unreadable("definition", str(error)) from error
        self.all_field_ids.unlink()
        self.rule_ids.unlink()
        self.write({
            "description": loaded.description, "source": loaded.source, "mode": loaded.mode,
            "key_codes": ",".join(loaded.keys),
            "rule_ids": [
                Command.create(self.rule_ids._values(rule, place)) for place, rule in enumerate(loaded.rules, 1)],
        })
        self.all_field_ids._fill(self, loaded.fields)
