"""What makes a field personal data: the groups that read it in clear, and the masked field beside it."""
from odoo import fields
from odoo.orm.model_classes import add_field

# Field groups: enforced by the ORM on every path (read, export, group-by, order, domain, onchange, views).
CLEAR_GROUPS = "ctsp_base.group_personal_data,ctsp_base.group_institution_user"
MASKED_GROUPS = "!ctsp_base.group_personal_data,!ctsp_base.group_institution_user"
SUFFIX = "_masked"


class Masked(fields.Char):
    """Read-only companion of a personal field, with the original's label, readable by all who read the record."""

    masks = None

    def get_depends(self, model):
        return (self.masks,), ()

    def _description_string(self, env):
        return env[self.model_name]._fields[self.masks]._description_string(env)

    def _description_help(self, env):
        return env[self.model_name]._fields[self.masks]._description_help(env)


def personal_kinds(model_cls):
    """Return ``{field: kind}`` of a registry class: what its definition classes declare, later addons winning, and
    fields added on screen that say how they are masked (``ctsp_personal``).
    """
    kinds = {}
    for cls in reversed(model_cls.mro()):
        if getattr(cls, "pool", None) is None:
            kinds.update(vars(cls).get("_personal_fields") or {})
    kinds.update({
        name: kind for name, field in model_cls._fields.items() if (kind := getattr(field, "ctsp_personal", None))})
    return kinds


def is_personal(registry, field):
    """Return whether ``field`` is personal data, itself or as a related field at the end of its path."""
    while field:
        model_cls = registry[field.model_name]
        if hasattr(model_cls, "_personal_fields") and field.name in personal_kinds(model_cls):
            return True
        field = field.related_field
    return False


def protect(model):
    """Restrict the personal fields of ``model`` and add their masked companions (at the end of model set-up)."""
    model_cls = type(model)
    model_cls._personal_fields = personal_kinds(model_cls)
    for name in model_cls._personal_fields:
        field = model._fields[name]
        field.groups = CLEAR_GROUPS
        if name + SUFFIX not in model._fields:
            _add_masked(model, field)


def _add_masked(model, field):
    name = field.name + SUFFIX
    masked = Masked(
        string=f"{field.string} (masked)", masks=field.name, compute="_compute_personal_masked", compute_sudo=True,
        export_string_translation=False,
    )
    setattr(type(model), name, masked)
    add_field(type(model), name, masked)
    masked._module = field._module
    masked.prepare_setup()
    masked.setup(model)
