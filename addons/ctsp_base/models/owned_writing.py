from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class OwnedWriting(models.AbstractModel):
    """What share users may put into owned records: of their own organisation, linked to what they may read, where it
    was made.
    """

    _inherit = "ctsp.owned.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_outside():
            return super().create(vals_list)
        vals_list = [self._desk_owned(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_references(vals | self._context_defaults())
        return super().create(vals_list)

    def write(self, vals):
        if frozen := self._frozen_keys() & vals.keys():
            self._check_frozen({name: vals[name] for name in frozen})
        if not self._is_outside():
            return super().write(vals)
        self._check_references(vals)
        result = super().write(vals)
        self.check_access("read")  # nothing is moved out of the own organisation by way of another field
        return result

    @api.model
    def _context_defaults(self):
        """Return the ``default_*`` values of the context; the ORM itself checks the rights on these fields."""
        return {
            key[8:]: value for key, value in self.env.context.items()
            if key.startswith("default_") and key[8:] in self._fields
        }

    @api.model
    def _desk_owned(self, vals):
        """Return the values of a new record with its owner in: the user's own organisation, nothing else."""
        own = self._own_partner()
        route = self._owner_route()
        if not route:
            if vals.get("owner_partner_id", own.id) != own.id:
                raise AccessError(self.env._("Records can be made for your own organisation only."))
            return {**vals, "owner_partner_id": own.id}
        head, _, tail = route.partition(".")
        if head in vals or f"default_{head}" in self.env.context or head == self._desk_parent:
            return vals
        candidates = self.env[self._fields[head].comodel_name].search([(tail or "id", "=", own.id)], limit=2)
        return {**vals, head: candidates.id} if len(candidates) == 1 else vals

    def _check_references(self, vals):
        """Refuse links to records the user may not read: the name of the other side would show through them."""
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or not field.relational or field.type == "one2many" or not value:
                continue
            ids = [value] if field.type == "many2one" else self._linked_ids(value)
            self.env[field.comodel_name].browse(ids).check_access("read")

    @staticmethod
    def _linked_ids(commands):
        """Return the ids that many2many commands (or a plain list of ids) refer to."""
        ids = []
        for command in commands:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == fields.Command.SET:
                ids.extend(command[2])
            elif command[0] in (fields.Command.UPDATE, fields.Command.DELETE, fields.Command.LINK):
                ids.append(command[1])
        return ids

    def _check_frozen(self, vals):
        """Refuse to change a key that is set; an outside user may not set an empty one either."""
        outside = self._is_outside()
        for record in self.sudo():  # compares only, tells nothing
            for name, value in vals.items():
                field = self._fields[name]
                before, after = (field.convert_to_cache(it, record, validate=False) for it in (record[name], value))
                if before != after and (before or outside):
                    raise UserError(self.env._(
                        "“%(field)s” of “%(model)s” is fixed when the record is made and cannot be changed.",
                        field=field.get_description(self.env, ["string"])["string"], model=self._desk_label(),
                    ))
