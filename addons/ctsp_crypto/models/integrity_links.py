from odoo import api, models
from odoo.tools import SQL

from ..tools import evidence
from .integrity import MAC

LINKS = "ctsp_integrity.links"


class IntegrityLinks(models.AbstractModel):
    """Protected many2many fields. All links of a row have one digest: what another hand added must not become genuine
    when the platform changes one of them, so it is remembered how they were before.
    """

    _inherit = "ctsp.integrity"

    @api.model
    def _touch_links(self, model, name, before):
        """Note that the platform changes links of rows.

        :param before: ``{id: text of the links as they were}``: what another hand added to them does not become genuine
            with the change
        """
        self._touch(model, before, (name,))
        kept = self.env.cr.precommit.data.setdefault(LINKS, {}).setdefault(model, {})
        for res_id, text in before.items():
            kept.setdefault((res_id, name), text)

    @api.model
    def _drop_altered(self, model, rows):
        """Take links out of ``rows`` that did not agree with their evidence before: they stay findings."""
        links = self.env.cr.precommit.data.get(LINKS, {}).get(model, {})
        if not links:
            return
        protection = self._map().models[model]
        latest = self._latest(model, SQL("res_id = ANY(%s)", list({res_id for res_id, _name in links})))
        for version in {entry.key_version for entry in latest.values() if not entry.removed}:
            cells = [
                (res_id, name) for res_id, name in links
                if res_id in latest and not latest[res_id].removed and latest[res_id].key_version == version
                and name in protection.versions.get(latest[res_id].version, ())]
            codes = self.env["ctsp.crypto"]._mac(MAC, [
                evidence.field_message(*cell, links[cell]) for cell in cells], model, version).values
            for (res_id, name), code in zip(cells, codes):
                entry = latest[res_id]
                kept = evidence.by_name(entry, protection.versions[entry.version])[name]
                if kept != code.hex()[:evidence.SIZE]:
                    rows[res_id].discard(name)
        self.env.cr.precommit.data[LINKS].pop(model)

    @api.model
    def _touch_linked(self, model, ids):
        """Note rows whose protected many2many field names one of ``ids``, which goes."""
        for name, protection in self._map().models.items():
            for own, field in protection.links.items():
                if field.comodel_name == model:
                    self.env.cr.execute(SQL(
                        "SELECT %s FROM %s WHERE %s = ANY(%s)", SQL.identifier(field.column1),
                        SQL.identifier(field.relation), SQL.identifier(field.column2), list(ids)))
                    self._touch_links(name, own, protection.link_texts(
                        self.env, own, {row[0] for row in self.env.cr.fetchall()}))

    @api.model
    def _other_ends(self, records, names):
        """Return ``{(model, field): {(id, other id)}}``: the links that other ends of protected fields make now."""
        found = {}
        for name, end in self._map().inverse.get(records._name, {}).items():
            if name in names:
                field = records._fields[name]
                self.env.cr.execute(SQL(
                    "SELECT %s, %s FROM %s WHERE %s = ANY(%s)", SQL.identifier(field.column2),
                    SQL.identifier(field.column1), SQL.identifier(field.relation), SQL.identifier(field.column1),
                    list(records._ids)))
                found.setdefault(end, set()).update(self.env.cr.fetchall())
        return found

    @api.model
    def _touch_ends(self, before, after):
        for model, name in before.keys() | after.keys():
            had, has = before.get((model, name), set()), after.get((model, name), set())
            changed = {pair[0] for pair in had ^ has}
            self._touch_links(model, name, self._map().models[model].link_texts(
                self.env, name, changed, added=had - has, removed=has - had))
