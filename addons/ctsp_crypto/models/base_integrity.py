from odoo import api, models


class Base(models.AbstractModel):
    """Every model: rows of protected classes are noted where the ORM inserts, updates and deletes them.

    A class says ``_integrity_fields = {1: ("name", …)}`` (version → names of its columns and many2many fields; an older
    version's list stays, for what it protected), and ``_integrity_signed = {"state": ("approved",)}`` where rows in
    these states are signed. ``_integrity_made`` names fields that such a step computes anew each time it is tried (the
    digest of a file it makes): a person who signs the step does not sign these. ``_integrity_alike`` names values of a
    field that count as one (a message that waits or is being sent): going back and forth between them is no evidence.
    ``_integrity_files = {"data": "digest"}`` names fields with a file and the protected ones that hold its SM3.
    ``_integrity_rows`` is a condition over ``t``, the table, where only some of its rows are protected.
    ``_integrity_spoken`` names translated fields that run in each language: all of them count, not English alone.
    """

    _inherit = "base"

    _integrity_fields: dict[int, tuple[str, ...]] = {}
    _integrity_signed: dict[str, tuple[str, ...]] = {}
    _integrity_made: tuple[str, ...] = ()
    _integrity_alike: dict[str, tuple[str, ...]] = {}
    _integrity_files: dict[str, str] = {}
    _integrity_rows = "TRUE"
    _integrity_spoken: tuple[str, ...] = ()

    def _create(self, data_list):
        records = super()._create(data_list)
        if self._integrity_fields:
            self.env["ctsp.integrity"]._touch(self._name, records._ids, "*")
        return records

    def _write_multi(self, vals_list):
        integrity, changed = self.env["ctsp.integrity"], {}
        if self._integrity_fields and self._name in (mapped := integrity._map().models):
            watched = mapped[self._name].watched
            changed = {record_id: names for record_id, vals in zip(self._ids, vals_list)
                       if (names := watched & vals.keys())}
            integrity._look_before(self._name, changed)
        super()._write_multi(vals_list)
        for record_id, names in changed.items():
            integrity._touch(self._name, (record_id,), names)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        integrity = self.env["ctsp.integrity"]
        if self._name in integrity._map().inverse:
            integrity._touch_ends({}, integrity._other_ends(records, {name for vals in vals_list for name in vals}))
        return records

    def write(self, vals):
        integrity = self.env["ctsp.integrity"]
        mapped = integrity._map()
        linked = self._integrity_fields and self._name in mapped.models and mapped.models[self._name].links
        ends = self._name in mapped.inverse and mapped.inverse[self._name].keys() & vals.keys()
        if (not linked and not ends) or not all(self._ids):
            return super().write(vals)
        before = integrity._other_ends(self, ends) if ends else {}
        names = linked.keys() & vals.keys() if linked else ()
        links = {name: mapped.models[self._name].link_texts(self.env, name, self._ids) for name in names}
        result = super().write(vals)
        for name, texts in links.items():
            integrity._touch_links(self._name, name, texts)
        if ends:
            integrity._touch_ends(before, integrity._other_ends(self, ends))
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        if field_name not in self._integrity_spoken:
            return super()._update_field_translations(field_name, translations, digest, source_lang)
        with self.env["ctsp.integrity"]._noticing(self._name):
            return super()._update_field_translations(field_name, translations, digest, source_lang)

    def unlink(self):
        if self:
            integrity = self.env["ctsp.integrity"]
            mapped = integrity._map()
            if any(self._name in known for known in (mapped.models, mapped.below, mapped.linked)):
                integrity._before_removal(self._name, self._ids)
        return super().unlink()
