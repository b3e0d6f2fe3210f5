from odoo import fields, models

from odoo.addons.ctsp_crypto.fields import EncryptedJson

from .proposal_mixin import EMPTY

KEPT = "草稿中的“{}”已由人工修改，保留人工填写的内容"


class Filing(models.Model):
    """A draft that an institution's program and its people write both: what people changed stays, and is told."""

    _inherit = "ctsp.filing"

    pushed_values = EncryptedJson(
        readonly=True, copy=False, groups=fields.NO_ACCESS,
        help="What the institution's program wrote last, by row and field, in the form that proposals are compared in.")

    def _push(self, row, values, tell):
        """Write ``values`` of the institution's program on ``row``, the draft itself or one of its rows.

        :param tell: called with a field's name and a sentence for each that people changed since
        """
        self.ensure_one()
        known = (self.pushed_values or {}).get(_key(row), {})
        now = row._proposed_values()
        differing = {name: value for name, value in values.items() if _differs(row, name, value)}
        for name in [name for name in differing if name in now and now[name] != _left(row, name, known, now)]:
            del differing[name]
            tell(name, KEPT.format(row._fields[name]._description_string(self.env)))
        row.write(differing)
        self._note_pushed(row, [name for name in values if name in differing or not _differs(row, name, values[name])])

    def _note_pushed(self, row, names):
        """Remember what stands in ``names`` of ``row`` as the program's word."""
        there = row._proposed_values()
        pushed, key = self.pushed_values or {}, _key(row)
        said = {name: there[name] for name in names if name in there}
        self.pushed_values = {**pushed, key: pushed.get(key, {}) | said}


def _key(row):
    return f"{row._name},{row.id}"


def _left(row, name, known, now):
    """Return what a field holds when nobody but the program touched it since the draft was begun."""
    if name in known:
        return known[name]
    if row.base_values:
        return row.base_values.get(name, now[name])
    return now[name] if now[name] in EMPTY else None


def _differs(row, name, value):
    field = row._fields[name]
    if field.type == "many2many":
        return sorted(row[name].ids) != sorted(value[0][2])
    return field.convert_to_cache(value, row, validate=False) != field.convert_to_cache(row[name], row, validate=False)
