"""Technical names of roles and accounts: which role ``has_group("…")`` means, whose account ``env.ref("…")`` is."""
from odoo import api, models
from odoo.tools import SQL

from .integrity import CREATED

NAMED = ("res.groups", "res.groups.privilege", "res.users", "ir.module.category")
FACTS = ("model", "res_id")


class IrModelData(models.Model):
    """Names of roles and accounts: who turns one to another row has every right that code gives to that name.

    Of rows that a person exported (module ``__export__``) Odoo writes the names past the ORM; no code uses them.
    """

    _inherit = "ir.model.data"
    _integrity_fields = {1: ("module", "name", *FACTS)}
    _integrity_rows = f"(t.model IN {NAMED} AND t.module <> '__export__')"

    @api.model
    def _update_xmlids(self, data_list, update=False):
        names = {data["xml_id"] for data in data_list if data["record"]._name in NAMED}
        if not names:
            return super()._update_xmlids(data_list, update)
        integrity, before = self.env["ctsp.integrity"], self._facts_of(names)
        integrity._look_before(self._name, dict.fromkeys(before, frozenset(FACTS)))
        result = super()._update_xmlids(data_list, update)
        after = self._facts_of(names)
        integrity._touch(self._name, after.keys() - before.keys(), CREATED)
        integrity._touch(self._name, [row for row in before if after.get(row) != before[row]], FACTS)
        return result

    @api.model
    def _facts_of(self, names):
        """Return ``{id: (model, res_id)}`` of external identifiers, as the database has them."""
        self.env["ir.model.data"].flush_model()
        return {row: facts for row, *facts in self.env.execute_query(SQL(
            "SELECT id, model, res_id FROM ir_model_data WHERE module || '.' || name = ANY(%s)", list(names)))}


class IntegrityBaseline(models.AbstractModel):
    """What modules loaded before this addon named anew in an update; a name that was turned stays a finding."""

    _inherit = "ctsp.integrity"

    @api.model
    def _owned_by(self, modules):
        return super()._owned_by(modules) + self.env.execute_query(SQL(
            "SELECT 'ir.model.data', array_agg(id), array_agg(id) FROM ir_model_data t WHERE module = ANY(%s) AND %s"
            " HAVING count(*) > 0", list(modules), self._map().models["ir.model.data"].rows))
