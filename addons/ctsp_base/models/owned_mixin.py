from lxml.builder import E

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

ANY_STATE = "any"
STAFF_FIELDS = frozenset({"create_uid", "write_uid", "has_message"})
STAFF_PREFIXES = ("message_", "website_message_", "activity_", "my_activity_", "rating_")


class OwnedMixin(models.AbstractModel):
    """Records that belong to an outside organisation, and what its people (share users) may do with them.

    Everything a share user sends is hostile until it has passed here: by form, import, XML-RPC, JSON-2 or code running
    as him. Internal users are bound by access rights, record rules and the frozen keys only. See docs/kernel.md,
    “The outside desk”.

    Declarations of a class:

    - ``_owner_path``: dotted path to the partner; defaults to the owner of ``_desk_parent``; without both the owner is
      entered by internal users and is the own organisation for outside ones
    - ``_desk_parent``: many2one to the owned record whose state decides over this one
    - ``_desk_fields``: the fields a share user may write; all others are refused
    - ``_desk_states``: states in which he may write and delete; ``"any"`` for models without states. With a parent,
      the parent must be open as well
    - ``_desk_frozen``: keys that nobody changes once they are set (parent and owner keys are always among them)
    - ``_desk_hidden``: fields share users may not read, search, sort or group by (messages, activities and the names
      of those who made and changed a record never are)

    A field added on screen carries its own word in the attribute ``ctsp_outside``: ``hidden``, ``read`` or ``write``.
    """

    _name = "ctsp.owned.mixin"
    _description = "Record Owned by an Outside Organisation"

    _owner_path = None
    _desk_parent = None
    _desk_fields = ()
    _desk_states = ()
    _desk_frozen = ()
    _desk_hidden = ()

    owner_partner_id = fields.Many2one(
        "res.partner", string="Organisation", compute="_compute_owner_partner_id", store=True, readonly=False,
        index=True, copy=False, ondelete="restrict",
    )
    desk_editable = fields.Boolean(string="Editable from Outside", compute="_compute_desk_editable")

    # ---- declarations, resolved -----------------------------------------------------------------------------------

    @api.model
    def _owner_route(self):
        """Return the dotted path to the owner, "" when the owner is entered directly."""
        if self._owner_path:
            return self._owner_path
        return f"{self._desk_parent}.owner_partner_id" if self._desk_parent else ""

    @api.model
    def _frozen_keys(self):
        """Return the names of the fields that say where a record belongs; they never change once set."""
        head = self._owner_route().partition(".")[0]
        return frozenset(filter(None, (*self._desk_frozen, self._desk_parent, head, "owner_partner_id")))

    @api.model
    def _desk_triggers(self):
        """Return the fields on which it depends whether a record is open to outside users."""
        return [
            *(["state"] if "state" in self._fields else []),
            *([f"{self._desk_parent}.desk_editable"] if self._desk_parent else []),
        ]

    @api.model
    def _is_outside(self):
        """Say whether the code runs for a share user (superuser mode aside)."""
        return not (self.env.su or self.env.user._is_internal())

    @api.model
    def _own_partner(self):
        """Return the organisation of the user, in superuser mode: a share user may not read partners at will."""
        return self.env.user.sudo().partner_id.commercial_partner_id

    @api.model
    def _desk_domain(self, mode):
        """Return what an outside user may reach at all, whatever rules and rights say: his organisation's records.

        Applied to every owned model by ``ir.rule`` (see there), so that no addon can forget it. A class that shows
        published records to all organisations overrides it for ``mode == "read"``.
        """
        return Domain("owner_partner_id", "=", self._own_partner().id)

    @api.depends(lambda self: (route, f"{route}.commercial_partner_id") if (route := self._owner_route()) else ())
    def _compute_owner_partner_id(self):
        route = self._owner_route()
        for record in self:
            owner = record.mapped(route) if route else record.owner_partner_id
            record.owner_partner_id = owner[:1].commercial_partner_id

    @api.depends(lambda self: self._desk_triggers())
    @api.depends_context("uid")
    def _compute_desk_editable(self):
        for record in self:
            real = record._origin
            record.desk_editable = real.has_access("write") if real else real.has_access("create")

    # ---- the fence around fields ----------------------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su:
            return True
        if operation == "read":
            return not (self._is_desk_hidden(field.name) and self._is_outside() and not self._is_unborn())
        if field.name == "owner_partner_id" and self._owner_route():
            return False
        return not self._is_outside() or self._is_desk_fillable(field) or field.name in self._frozen_keys()

    def _is_unborn(self):
        """Say whether these are records in the making: creating them reads their own author (precomputed fields)."""
        return bool(self._ids) and not any(id_ or id_.origin for id_ in self._ids)

    @api.model
    def _is_desk_hidden(self, name):
        """Say whether a field is the regulator's own: declared so, or about messages, activities and staff."""
        declared = name in self._desk_hidden or name in STAFF_FIELDS or name.startswith(STAFF_PREFIXES)
        return declared or getattr(self._fields.get(name), "ctsp_outside", None) == "hidden"

    @api.model
    def _is_desk_fillable(self, field):
        """Say whether outside users may fill in a field: declared so, or opened to them on screen."""
        return field.name in self._desk_fields or getattr(field, "ctsp_outside", None) == "write"

    def _check_field_access(self, field, operation):
        if self._has_field_access(field, operation):
            return  # what the other classes would ask once more, for each field of each record
        if not self._is_outside():
            super()._check_field_access(field, operation)
        raise AccessError(self.env._(
            "“%(field)s” of “%(model)s” is kept by the regulator; it cannot be read or changed from here.",
            field=field.get_description(self.env, ["string"])["string"], model=self._desk_label(),
        ))

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        """Keep the views of outside users apart: their fields are read-only where the allow-list says so."""
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._is_outside())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Load ``desk_editable`` with every form: the desk shows closed records as text."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            arch.append(E.field(name="desk_editable", invisible="True"))
        return arch, view

    # ---- the fence around records ---------------------------------------------------------------------------------

    def _check_access(self, operation):
        if result := super()._check_access(operation):
            return result
        if operation != "read" and any(self._ids) and self._is_outside() and (closed := self._desk_closed()):
            return closed, lambda: AccessError(self.env._(
                "“%(model)s” can no longer be changed in its present state.", model=self._desk_label(),
            ))
        return None

    def _desk_closed(self):
        """Return the records an outside user may not change now, judged by their own and their parent's state."""
        return self.filtered(lambda record: not record.sudo()._desk_is_open())  # sudo: the state may be hidden

    def _desk_is_open(self):
        if self._desk_parent:
            parent = self[self._desk_parent]
            if not (parent and parent._desk_is_open()):
                return False
            if not self._desk_states:
                return True
        return self._desk_states == ANY_STATE or (bool(self._desk_states) and self.state in self._desk_states)

    def _check_not_handed_in(self):
        """Refuse to touch the content of what has been handed in, whoever asks (but the superuser)."""
        for record in self:
            if not self.env.su and not record._desk_is_open():
                raise UserError(self.env._(
                    "%(record)s has been handed in: its content can be edited only after it is returned.",
                    record=record.display_name))

    @api.model
    def _desk_label(self):
        return self.env["ir.model"]._get(self._name).name
